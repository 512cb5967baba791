/** What can be said of a submission before anybody has scored it. */
import type { SubmissionPreview } from '../contract/submissions.ts';
import { type Answer, placesOf } from '../workspace/export/answers.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';

type Check = SubmissionPreview['checks'][number];

const count = (value: number) => value.toLocaleString('en-US');

export function checksOf(workspace: Workspace, run: Run, answers: readonly Answer[]): Check[] {
  return [
    complete(answers),
    unique(answers),
    inside(answers),
    sides(workspace, answers),
    varied(answers),
    upToDate(workspace, run),
  ];
}

function complete(answers: readonly Answer[]): Check {
  const name = 'Every value asked for is predicted';
  const absent = answers.filter(({ location }) => Number.isNaN(location));
  const [first] = absent;
  if (!first) return { name, outcome: 'passed', found: `${count(answers.length)} rows` };
  return {
    name,
    outcome: 'failed',
    found: `${count(absent.length)} of ${count(answers.length)} are missing; the first is RowId ${first.rowId}, of test image ${first.imageKey}`,
  };
}

function unique(answers: readonly Answer[]): Check {
  const ids = new Set(answers.map(({ rowId }) => rowId));
  const [first, last] = [answers[0]!.rowId, answers.at(-1)!.rowId];
  return {
    name: 'Every RowId once, in the order of the lookup table',
    outcome: ids.size === answers.length ? 'passed' : 'failed',
    found: `RowId ${first} to ${last}`,
  };
}

function inside(answers: readonly Answer[]): Check {
  const clipped = answers.filter((answer) => answer.clipped);
  const images = new Set(clipped.map(({ imageId }) => imageId)).size;
  return {
    name: 'Every point lies in its picture',
    outcome: clipped.length === 0 ? 'passed' : 'remark',
    found:
      clipped.length === 0
        ? 'none was moved'
        : `${count(clipped.length)} of the values, on ${count(images)} of the images, lie outside and are moved to the border`,
  };
}

/** Faces on which the left of a mirrored pair lies where its right usually does: a network that has mixed them up. */
function sides({ schema }: Workspace, answers: readonly Answer[]): Check {
  const pairs = schema.mirrorPairs.map((pair) => pair.map((name) => schema.keypoints.indexOf(name)));
  const faces = [...Map.groupBy(answers, ({ imageId }) => imageId).values()].map((own) => {
    const points = placesOf(schema, own);
    return pairs.flatMap(([left, right]) => {
      const [a, b] = [points[left!], points[right!]];
      return a && b ? [Math.sign(a.x - b.x)] : [];
    });
  });
  const usual = Math.sign(faces.flat().reduce((sum, sign) => sum + sign, 0));
  const swapped = faces.filter((signs) => signs.some((sign) => sign === -usual)).length;
  return {
    name: 'Left and right where they usually are',
    outcome: swapped === 0 ? 'passed' : 'remark',
    found: swapped === 0 ? 'on every face' : `not so on ${count(swapped)} of ${count(faces.length)} faces`,
  };
}

/** A network that has learned nothing, or sees nothing, gives all faces the same points. */
function varied(answers: readonly Answer[]): Check {
  const values = Map.groupBy(answers, ({ keypoint, axis }) => `${keypoint} ${axis}`);
  const spreads = [...values.values()].map((own) => deviation(own.map(({ location }) => location)));
  const mean = spreads.reduce((sum, spread) => sum + spread, 0) / spreads.length;
  return {
    name: 'Faces get points of their own',
    outcome: mean < 0.2 ? 'remark' : 'passed',
    found: `a point’s coordinates differ by ${mean.toFixed(2)} px from face to face`,
  };
}

function upToDate({ snapshots, history }: Workspace, run: Run): Check {
  const behind = history.position() - snapshots.get(run.snapshotId)!.position;
  return {
    name: 'The run knows the labels as they are now',
    outcome: behind === 0 ? 'passed' : 'remark',
    found:
      behind === 0
        ? 'none has changed since'
        : `${count(behind)} ${behind === 1 ? 'change' : 'changes'} of labels came after it`,
  };
}

function deviation(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, known.length));
}
