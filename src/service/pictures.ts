/** Picture files of any kind as the network wants them, and the way back from its pixels to theirs. */
import { InputProblem } from '../domain/problem.ts';
import type { InputShape } from '../ml/engine/engine.ts';
import type { Picture } from '../ml/training/messages.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface LoadedPicture {
  readonly file: string;
  /** As the picture is shown: after EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly picture: Picture;
  /** From a place in `picture` to one in the file's picture, both in pixels with 0 the middle of the first. */
  place(x: number, y: number): { x: number; y: number };
}

/** The size of picture that runs of this workspace take. @throws InputProblem when there is no picture */
export function inputShape({ images, directory }: Workspace): InputShape {
  const [first] = images.iterate(images.ids().slice(0, 1));
  if (first) return { width: first.width, height: first.height };
  throw new InputProblem('There are no images in this workspace.', { file: directory });
}

/**
 * The middle of the picture in the shape of the network's input, gray, at the network's size: faces of the
 * training data fill their picture, so what is cut off a longer side matters less than a face made smaller.
 * @throws InputProblem when the file is not there or is no picture.
 */
export async function loadPicture(file: string, input: InputShape): Promise<LoadedPicture> {
  const { default: sharp } = await import('sharp');
  try {
    const upright = await sharp(file)
      .autoOrient()
      .flatten({ background: '#808080' })
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = upright.info;
    const scale = Math.min(width / input.width, height / input.height);
    const crop = { width: Math.round(input.width * scale), height: Math.round(input.height * scale) };
    const left = Math.floor((width - crop.width) / 2);
    const top = Math.floor((height - crop.height) / 2);
    const pixels = await sharp(upright.data, { raw: { width, height, channels } })
      .extract({ left, top, ...crop })
      .resize({ ...input, fit: 'fill' })
      .toColourspace('b-w')
      .raw()
      .toBuffer();
    return {
      file,
      width,
      height,
      picture: { ...input, pixels: new Uint8Array(pixels) },
      place: (x, y) => ({
        x: left + ((x + 0.5) * crop.width) / input.width - 0.5,
        y: top + ((y + 0.5) * crop.height) / input.height - 0.5,
      }),
    };
  } catch (error) {
    throw new InputProblem('This picture cannot be read.', {
      file,
      found: (error as Error).message,
      expected: 'a PNG or JPEG file',
    });
  }
}
