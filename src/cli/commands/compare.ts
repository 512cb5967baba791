/** fiducial compare R1 R2 ... */
import type { RunComparison } from '../../contract/run-records.ts';
import { counted, pixels, table } from '../format.ts';
import type { Session } from '../session.ts';

type Change = RunComparison['changes'][number]['overall'];

export async function compare(session: Session, runs: (number | 'latest')[]) {
  session.terminal.note(`Comparing runs ${runs.join(', ')}`);
  const client = await session.client();
  const compared = await client.runs.compare({ runs }, { signal: session.interrupt });
  session.terminal.print(describe(compared));
  return compared;
}

function describe(compared: RunComparison): string {
  const { runs, differences, images, rmse, labelNoise, keypoints, changes } = compared;
  const names = runs.map(({ runId }) => ` run ${runId}`);
  const against = changes.map(({ runId }) => ` run ${runId} against ${runs[0]!.runId}`);
  return [
    differences.length === 0
      ? 'Their configurations are the same.'
      : table(
          ['setting', ...names],
          differences.map(({ field, values }) => [field, ...values.map(short)]),
        ),
    rmse === null
      ? 'No image was held out by all of them, so they cannot be compared by numbers.'
      : [
          `RMSE in px on ${counted(images, 'image')} that all of them held out, and its change with the 95 % interval:`,
          table(
            ['', ...names, ...against],
            [
              ['all', ...rmse.map(pixels), ...changes.map(({ overall }) => signed(overall))],
              ...keypoints.map(({ keypoint, rmse: own }, k) => [
                keypoint,
                ...runs.map((_, run) => pixels(own?.[run])),
                ...changes.map((change) => signed(change.keypoints[k]!.change)),
              ]),
            ],
          ),
          ...(labelNoise === null ? [] : [`The labels’ own noise is ${pixels(labelNoise)} px.`]),
        ].join('\n'),
  ].join('\n\n');
}

/** "−0.21 (−0.30 to −0.11)" */
function signed(change: Change | null): string {
  if (!change) return '–';
  const number = (value: number) => `${value < 0 ? '−' : '+'}${pixels(Math.abs(value))}`;
  return `${number(change.difference)} (${number(change.low)} to ${number(change.high)})`;
}

function short(value: unknown): string {
  if (value === null) return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
