/** What the export screen says. */
import type { TrainingPreview } from '../../contract/exports.ts';
import type { RunView } from '../../contract/runs.ts';
import type { Histogram, SubmissionPreview, SubmissionView } from '../../contract/submissions.ts';
import { count, counted } from '../frame/format.ts';

/** Errors of runs: two digits, as the competition's table has them apart. */
export const rmse = (value: number | null | undefined): string => (value == null ? '–' : value.toFixed(2));

/** `Run 3 · default · 1.55 px` */
export function runTitle({ runId, network, members, validation }: RunView): string {
  const name = members.length > 0 ? `ensemble of ${members.join(', ')}` : network;
  return `Run ${runId} · ${name} · ${validation ? `${rmse(validation.rmse)} px` : 'not judged'}`;
}

/** How a submission differs from an earlier one, in a sentence. */
export function differenceText({ rows, difference }: Pick<SubmissionPreview, 'rows' | 'difference'>): string {
  if (!difference) return 'There is no earlier submission to compare it with.';
  const { submission, runId, moved, movedFar, rms, largest } = difference;
  const which = `submission ${submission}, of run ${runId}`;
  if (moved === 0) return `The same as ${which}, in every row.`;
  return `${count(moved)} of ${counted(rows, 'row')} differ from ${which}: ${rms.toFixed(2)} px RMS over all rows, ${count(movedFar)} by more than a pixel, ${largest.toFixed(1)} px at most.`;
}

/** What the competition gave against what the run found itself. */
export function scoreText({ score, validation }: Pick<SubmissionView, 'score' | 'validation'>): string {
  if (score === null || !validation) return '';
  if (score >= validation.low && score <= validation.high) return 'within the interval';
  return score < validation.low ? 'better than the interval' : 'worse than the interval';
}

export interface Bar {
  /** From edge to edge, in pixels: `0–4`. */
  readonly name: string;
  readonly count: number;
  /** Of the highest: 0 to 1. */
  readonly share: number;
}

export function barsOf({ edges, counts }: Histogram): Bar[] {
  const most = Math.max(1, ...counts);
  return counts.map((own, i) => ({
    name: `${edges[i]}–${edges[i + 1]}`,
    count: own,
    share: own / most,
  }));
}

/** What is new in the table of labels, in a sentence. */
export function newsText({
  added,
  moved,
  removed,
}: Pick<TrainingPreview, 'added' | 'moved' | 'removed'>): string {
  const parts = [
    added > 0 && `${counted(added, 'keypoint')} placed that had no place`,
    moved > 0 && `${count(moved)} moved`,
    removed > 0 && `${count(removed)} taken away`,
  ].filter((part) => part !== false);
  return parts.length === 0
    ? 'Nothing is new: the labels are those that were imported.'
    : `Since the import: ${parts.join(', ')}.`;
}

/** Whom labels are due to, in words. */
export function authorText({ kind, name }: TrainingPreview['authors'][number]): string {
  switch (kind) {
    case 'human':
      return name;
    case 'model-run':
      return `proposals of run ${name}`;
    case 'mirror':
      return 'mirrored partners';
    case 'shape':
      return 'proposals of the face’s shape';
    case 'copy':
      return 'copies from near duplicates';
    case 'import':
      return `import ${name}`;
  }
}
