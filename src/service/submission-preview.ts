/** A submission before it is written: what it would hold, what is checked, and how it differs from an earlier one. */
import type { Histogram, SubmissionPreview, SubmittedFace } from '../contract/submissions.ts';
import { type Answer, answersOf, placesOf } from '../workspace/export/answers.ts';
import { submissionHash } from '../workspace/export/submission.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { notFound } from './problems.ts';
import { checksOf } from './submission-checks.ts';

/** How many faces are shown. */
const mostFaces = 12;

/** In pixels: changes of coordinates are mostly small, and the few large ones are what a person looks for. */
const changeEdges = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/**
 * @param against an earlier submission's number; by default the last one
 * @throws InputProblem when there is no lookup table; NOT_FOUND for a submission that there is not
 */
export async function previewSubmission(
  workspace: Workspace,
  run: Run,
  against: number | undefined,
): Promise<SubmissionPreview> {
  const answers = answersOf(workspace, run.id);
  const earlier = await earlierOf(workspace, against);
  const byImage = Map.groupBy(answers, ({ imageId }) => imageId);
  const largest = Math.max(
    ...[...byImage.keys()].map((id) => {
      const { width, height } = workspace.images.get(id)!;
      return Math.max(width, height);
    }),
  );
  const step = Math.max(1, Math.ceil(largest / 24));
  const edges = Array.from({ length: Math.ceil(largest / step) + 1 }, (_, i) => i * step);
  return {
    runId: run.id,
    rows: answers.length,
    images: byImage.size,
    missing: answers.filter(({ location }) => Number.isNaN(location)).length,
    clipped: answers.filter(({ clipped }) => clipped).length,
    checks: checksOf(workspace, run, answers),
    values: histogramOf(
      answers.map(({ location }) => location),
      edges,
    ),
    difference: earlier ? differenceOf(answers, earlier) : null,
    faces: facesOf(workspace, byImage, earlier?.answers),
  };
}

interface Earlier {
  readonly submission: number;
  readonly runId: number;
  readonly exact: boolean;
  readonly answers: ReadonlyMap<number, Answer>;
}

/** An earlier submission as its run says it now, which is what was written where the file's hash is the same. */
async function earlierOf(workspace: Workspace, against: number | undefined): Promise<Earlier | undefined> {
  const written = workspace.submissions.list();
  const found = against === undefined ? written[0] : written.find(({ id }) => id === against);
  if (!found) {
    if (against === undefined) return undefined;
    throw notFound(`There is no submission ${against}.`);
  }
  const answers = answersOf(workspace, found.runId);
  return {
    submission: found.id,
    runId: found.runId,
    exact: (await submissionHash(answers)) === found.sha256,
    answers: new Map(answers.map((answer) => [answer.rowId, answer])),
  };
}

function differenceOf(
  answers: readonly Answer[],
  { answers: before, ...earlier }: Earlier,
): NonNullable<SubmissionPreview['difference']> {
  const changes = answers
    .map(({ rowId, location }) => Math.abs(location - before.get(rowId)!.location))
    .filter((change) => !Number.isNaN(change));
  const largest = changes.reduce((most, change) => Math.max(most, change), 0);
  return {
    ...earlier,
    moved: changes.filter((change) => change > 0).length,
    movedFar: changes.filter((change) => change > 1).length,
    rms: rms(changes),
    largest,
    changes: histogramOf(changes, [...changeEdges, Math.max(20, Math.ceil(largest))]),
  };
}

function facesOf(
  { images, schema }: Workspace,
  byImage: ReadonlyMap<number, readonly Answer[]>,
  before: ReadonlyMap<number, Answer> | undefined,
): SubmittedFace[] {
  const faces = [...byImage].map(([imageId, answers]) => {
    const earlier = before && answers.map(({ rowId }) => before.get(rowId)!);
    const changes = earlier?.map(({ location }, i) => location - answers[i]!.location);
    return { imageId, answers, earlier, change: changes ? rms(changes) : null };
  });
  const changed = faces.filter(({ change }) => change !== null && change > 0);
  const shown =
    changed.length > 0
      ? changed.sort((a, b) => b.change! - a.change!).slice(0, mostFaces)
      : spread(faces, mostFaces);
  return shown.map(({ imageId, answers, earlier, change }) => {
    const { sha256, width, height } = images.get(imageId)!;
    return {
      ...{ imageId, sha256, width, height },
      key: answers[0]!.imageKey,
      points: placesOf(schema, answers),
      before: earlier ? placesOf(schema, earlier) : null,
      change: change === null || Number.isNaN(change) ? null : change,
    };
  });
}

/** At most so many, evenly from all. */
function spread<T>(all: readonly T[], most: number): T[] {
  const count = Math.min(most, all.length);
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
}

function histogramOf(values: readonly number[], edges: number[]): Histogram {
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    const bin = edges.findLastIndex((edge) => value >= edge);
    counts[Math.min(bin, counts.length - 1)]!++;
  }
  return { edges, counts };
}

function rms(values: readonly number[]): number {
  if (values.length === 0) return 0;
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}
