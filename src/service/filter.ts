/** Which images a filter asks for. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageFilter } from '../contract/cells.ts';
import type { LabelState } from '../domain/label.ts';
import { labelStates } from '../domain/label.ts';
import { InputProblem } from '../domain/problem.ts';
import type { SplitFile } from '../ml/training/split-file.ts';
import { splitFile } from '../ml/training/split-file.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Catalogue } from './catalogue.ts';
import type { Disputes } from './disputes.ts';

/** Whether the images asked for depend on nothing but labels and tables. */
export const isOfLabels = ({ split, predicted }: ImageFilter) =>
  split === undefined && predicted === undefined;

/** Whether the filter asks whom labels are due to, for which the catalogue has to be whole. */
export const asksForAuthors = (filter: ImageFilter) => filter.author !== undefined;

/**
 * @returns [rows], 1 where the filter asks for the image
 * @throws InputProblem when it names a keypoint that there is not
 */
export function matchingRows(
  filter: ImageFilter,
  workspace: Workspace,
  catalogue: Catalogue,
  disputes: Disputes,
): Uint8Array {
  const { keypoint, state, author, kind, source, split, duplicates } = filter;
  const { complete, disputed, predicted, text } = filter;
  const { ids, groups, groupSizes, missing } = catalogue;
  const rows = new Uint8Array(ids.length).fill(1);
  const keep = (holds: (row: number) => boolean) => {
    for (let row = 0; row < rows.length; row++) if (rows[row] === 1 && !holds(row)) rows[row] = 0;
  };
  const keepRows = (named: Uint8Array, holds = true) => {
    keep((row) => (named[row] === 1) === holds);
  };

  if (kind !== undefined) keepRows(rowsOfKind(kind, workspace, catalogue));
  if (source !== undefined) keepRows(rowsOfSource(source, workspace, catalogue));
  if (split !== undefined) keepRows(catalogue.rowsOf(imagesOfSplit(workspace, split)));
  if (duplicates === 'any') keep((row) => groupSizes[row]! > 1);
  else if (duplicates !== undefined) keep((row) => groups[row] === duplicates);
  if (complete !== undefined) keep((row) => (missing[row] === 0) === complete);
  if (disputed !== undefined) keepRows(catalogue.rowsOf(disputes.images().keys()), disputed);
  if (predicted !== undefined) keepRows(catalogue.rowsOf(predictedImages(workspace)), predicted);
  const wanted = text?.trim() ?? '';
  if (wanted !== '') {
    const named = catalogue.rowsOf(workspace.sources.imagesNamed(wanted));
    const number = wanted.replace(/^(#|image\s+)/i, ''); // as the screens and people write it
    keep((row) => named[row] === 1 || String(ids[row]).includes(number));
  }
  if (keypoint !== undefined || state !== undefined || author !== undefined)
    keep(cellTest({ keypoint, state, author }, workspace, catalogue));
  return rows;
}

/** [rows]: 1 for the images of tables of that kind. */
export function rowsOfKind(
  kind: 'training' | 'test',
  { sources }: Workspace,
  catalogue: Catalogue,
): Uint8Array {
  return catalogue.fact(`of kind ${kind}`, () => catalogue.rowsOf(sources.imageIds(kind)));
}

/** [rows]: 1 for the images of one table. */
export function rowsOfSource(source: number, { sources }: Workspace, catalogue: Catalogue): Uint8Array {
  return catalogue.fact(`of source ${source}`, () => catalogue.rowsOf(sources.imagesIn(source)));
}

/**
 * Whether a row has a cell, that of the keypoint where one is named, in the state and by the author: due to them, or
 * accepted by them.
 */
function cellTest(
  { keypoint, state, author }: Pick<ImageFilter, 'keypoint' | 'state' | 'author'>,
  workspace: Workspace,
  { keypoints, states, authors, acceptors }: Catalogue,
): (row: number) => boolean {
  const k = keypoint === undefined ? undefined : indexOf(keypoint, workspace);
  const wanted = stateAskedFor({ state, author });
  const code = wanted === undefined ? undefined : labelStates.indexOf(wanted);
  const authorId = author === undefined ? undefined : (workspace.labels.authorId(parseAuthor(author)) ?? -1);
  const [first, end] = k === undefined ? [0, keypoints] : [k, k + 1];
  return (row) => {
    for (let cell = row * keypoints + first; cell < row * keypoints + end; cell++)
      if (
        (code === undefined || states[cell] === code) &&
        (authorId === undefined || authors[cell] === authorId || acceptors[cell] === authorId)
      )
        return true;
    return false;
  };
}

/** The keypoint whose placed labels the filter asks for; undefined where it asks for those of all, or for a gap. */
export function keypointJudged(filter: ImageFilter, workspace: Workspace): number | undefined {
  const state = stateAskedFor(filter);
  if (filter.keypoint === undefined || state === 'missing' || state === 'absent') return undefined;
  return indexOf(filter.keypoint, workspace);
}

/** Undefined where any will do. */
function stateAskedFor({ state, author }: Pick<ImageFilter, 'state' | 'author'>): LabelState | undefined {
  return state ?? (author === undefined ? 'missing' : undefined);
}

function indexOf(keypoint: string, { schema }: Workspace): number {
  const index = schema.keypoints.indexOf(keypoint);
  if (index >= 0) return index;
  throw new InputProblem('The schema has no such keypoint.', {
    found: keypoint,
    expected: schema.keypoints.join(', '),
  });
}

/** From `kind:name`. */
function parseAuthor(author: string): { kind: string; name: string } {
  const colon = author.indexOf(':');
  return { kind: author.slice(0, colon), name: author.slice(colon + 1) };
}

/** The run that was the last to say how images are split. */
export function splitRun({ runs }: Workspace): Run | undefined {
  return runs.list().find((run) => existsSync(join(runs.directoryOf(run), splitFile)));
}

function imagesOfSplit(workspace: Workspace, part: 'training' | 'validation'): number[] {
  const run = splitRun(workspace);
  if (!run) return [];
  const file = join(workspace.runs.directoryOf(run), splitFile);
  const split = JSON.parse(readFileSync(file, 'utf8')) as SplitFile;
  return split[part].map((position) => split.imageIds[position]!);
}

/** The run that finished last. */
export function predictingRun({ runs }: Workspace): Run | undefined {
  return runs.list().find(({ status }) => status === 'finished');
}

function predictedImages(workspace: Workspace): number[] {
  const run = predictingRun(workspace);
  return run ? workspace.predictions.imageIds(run.id) : [];
}
