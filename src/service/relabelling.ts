/**
 * Blind re-labelling: now and then a labelled cell is shown again without its point. How far the answers are from the
 * labels is each person's own error, and the floor that any model can be held to.
 */
import type { Cell } from '../contract/cells.ts';
import type { LabelState } from '../domain/label.ts';
import { isPlaced, labelStates } from '../domain/label.ts';
import { randomStream } from '../domain/random.ts';
import type { StoredAnswer } from '../workspace/relabels.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { checkPlace, person } from './labelling.ts';
import { conflict, notFound } from './problems.ts';
import type { Matching } from './selections.ts';

/** One is due after the person has labelled so many cells since the last one. */
const cellsBetween = 50;

/** A cell that the person has seen in so many days they may remember. */
const daysRemembered = 3;

/** Of `person` with the number of answers: the same cell until it is answered. */
const drawing = 0xb11d;

/** @returns null when none is due, or there is none to show */
export function nextToRelabel(
  { workspace, catalogue, rows }: Matching,
  user: string,
  keypoint: number | undefined,
): Cell | null {
  const { history, relabels } = workspace;
  const answers = relabels.list({ withdrawn: true }); // they were before the person's eyes
  const own = answers.filter((answer) => answer.person === user);
  const last = own.at(-1)?.at ?? new Date(0);
  if (history.labelledSince(person(user), last) < cellsBetween) return null;

  const recently = new Date(Date.now() - daysRemembered * 24 * 3600 * 1000);
  const seen = new Set<number>();
  const cellOf = (cell: Cell) => catalogue.rowOf(cell.imageId) * catalogue.keypoints + cell.keypoint;
  for (const cell of history.changedSince(person(user), recently)) seen.add(cellOf(cell));
  for (const answer of own) if (answer.at > recently) seen.add(cellOf(answer));

  const visible = labelStates.indexOf('visible' satisfies LabelState);
  const candidates: number[] = [];
  catalogue.states.forEach((state, cell) => {
    if (state !== visible || rows[Math.floor(cell / catalogue.keypoints)] !== 1 || seen.has(cell)) return;
    if (keypoint === undefined || cell % catalogue.keypoints === keypoint) candidates.push(cell);
  });
  if (candidates.length === 0) return null;
  const cell = candidates[randomStream(drawing, answers.length).integer(candidates.length)]!;
  const row = Math.floor(cell / catalogue.keypoints);
  return { imageId: catalogue.ids[row]!, keypoint: cell % catalogue.keypoints };
}

/**
 * Stores where the person put the point, beside the label.
 * @throws CONFLICT when the cell has no place to compare it with
 */
export function answerRelabel(workspace: Workspace, user: string, answer: Cell & { x: number; y: number }) {
  const { imageId, keypoint, x, y } = answer;
  checkPlace(workspace, answer, { state: 'visible', x, y });
  const label = workspace.labels.of(imageId)[keypoint]!;
  const author = workspace.labels.authorsOf(imageId)[keypoint];
  if (!isPlaced(label)) throw conflict('This point has no place any more: there is nothing to compare with.');
  const id = workspace.relabels.add({ person: user, ...answer, label, author });
  return { id, pixels: Math.hypot(x - label.x, y - label.y), label, author: author ?? null };
}

/** A slip: the answer counts no more. @throws NOT_FOUND when it is none of the person's */
export function withdrawRelabel(workspace: Workspace, user: string, id: number): void {
  if (!workspace.relabels.withdraw(user, id)) throw notFound(`You have given no answer ${id}.`);
}

/** Each person's answers and those of all together, with the RMSE of coordinates in pixels, by keypoint. */
export function relabelReport({ relabels, schema }: Workspace) {
  const answers = relabels.list();
  const people = [...new Set(answers.map((answer) => answer.person))].sort();
  const summary = (user: string | null, own: readonly StoredAnswer[]) => ({
    user,
    answers: own.length,
    rmse: rmseOf(own),
    keypoints: [...schema.keypoints.keys()].map((keypoint) => {
      const of = own.filter((answer) => answer.keypoint === keypoint);
      return { answers: of.length, rmse: rmseOf(of) };
    }),
  });
  return {
    people: [
      summary(null, answers),
      ...people.map((user) => summary(user, answers.filter((answer) => answer.person === user))), // prettier-ignore
    ],
  };
}

function rmseOf(answers: readonly StoredAnswer[]): number | null {
  if (answers.length === 0) return null;
  const squares = answers.map(({ x, y, label }) => (x - label.x) ** 2 + (y - label.y) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square) / (2 * answers.length));
}
