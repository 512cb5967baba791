/** fiducial next */
import { count, counted, pixels, table } from '../format.ts';
import type { Session } from '../session.ts';

export async function next(session: Session, { limit }: { readonly limit: number }) {
  session.terminal.note(`Looking for what to label in ${session.directory}`);
  const client = await session.client();
  const found = await client.queue.next(
    { filter: { kind: 'training' }, limit },
    { signal: session.interrupt },
  );
  const { keypoints } = (await client.workspace.outline()).schema;
  const cells = found.cells.map(({ imageId, keypoint, ...worth }) => ({
    image: imageId,
    keypoint: keypoints[keypoint]!,
    ...worth,
  }));
  session.terminal.print(
    cells.length === 0
      ? 'No image to train on has a missing cell.'
      : `${table(
          [' score', ' image', 'keypoint', ' uncertain px', ' asked', ' labels'],
          cells.map(({ score, image, keypoint, uncertainty, asked, labels }) => [
            ...[score.toFixed(1), String(image), keypoint],
            ...[pixels(uncertainty), count(asked), count(labels)],
          ]),
        )}\n\n${counted(found.remaining, 'cell')} missing.`,
  );
  return { remaining: found.remaining, cells };
}
