/** Picture files of any kind as the training process takes them, and the way back from its pixels to theirs. */
import { InputProblem } from '../domain/problem.ts';
import { networkInput } from '../ml/training/fit.ts';
import type { Picture } from '../ml/training/messages.ts';

export interface LoadedPicture {
  readonly file: string;
  /** As the picture is shown: after EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** Gray, and no larger than networks need. */
  readonly picture: Picture;
  /** From a place in `picture` to one in the file's picture, both in pixels with 0 the middle of the first. */
  place(x: number, y: number): { x: number; y: number };
  /** How many of the file's pixels one of `picture` is wide. */
  readonly scale: number;
}

/** @throws InputProblem when the file is not there or is no picture. */
export async function loadPicture(file: string): Promise<LoadedPicture> {
  const { default: sharp } = await import('sharp');
  try {
    const upright = await sharp(file)
      .autoOrient()
      .flatten({ background: '#808080' })
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = upright.info;
    const { data, info } = await sharp(upright.data, { raw: { width, height, channels } })
      .resize({ ...networkInput, fit: 'inside', withoutEnlargement: true })
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return {
      file,
      width,
      height,
      picture: { width: info.width, height: info.height, pixels: new Uint8Array(data) },
      place: (x, y) => ({
        x: ((x + 0.5) * width) / info.width - 0.5,
        y: ((y + 0.5) * height) / info.height - 0.5,
      }),
      scale: width / info.width,
    };
  } catch (error) {
    throw new InputProblem('This picture cannot be read.', {
      file,
      found: (error as Error).message,
      expected: 'a PNG or JPEG file',
    });
  }
}
