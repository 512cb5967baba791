/** fiducial suspects */
import { table } from '../format.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly run: number | 'latest';
  readonly limit: number;
}

export async function suspects(session: Session, { run, limit }: Options) {
  session.terminal.note('Looking for labels that are probably wrong');
  const client = await session.client();
  const found = await client.suspects.list({ run, limit }, { signal: session.interrupt });
  const { keypoints } = (await client.workspace.outline()).schema;
  const listed = found.suspects.map(({ image, rows, keypoint, keypoints: all, kind, reason, score }) => ({
    image: image.id,
    row: rows[0]?.row ?? null,
    file: rows[0]?.file ?? null,
    keypoint: keypoints[keypoint]!,
    keypoints: all.map((k) => keypoints[k]!),
    kind,
    reason,
    score,
  }));
  session.terminal.print(
    listed.length === 0
      ? 'No image has labels that something can be said of.'
      : table(
          [' score', ' image', ' row', 'reason'],
          listed.map(({ score, image, row, reason }) => [
            score.toFixed(1),
            String(image),
            row === null ? '–' : String(row),
            reason,
          ]),
        ),
  );
  return { run: found.runId, judged: found.judged, suspects: listed };
}
