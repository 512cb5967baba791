/** What an import says when it is done; plain enough for JSON. */
import type { Label } from '../../domain/label.ts';
import type { Actor } from '../cells.ts';
import type { TableKind } from './tables.ts';

/** Something found in many places: how often, and the first of them. */
export interface Listed<T> {
  total: number;
  first: T[];
}

/** At most this many of anything are listed one by one. */
const mostListed = 100;

export interface RowPlace {
  readonly file: string;
  readonly row: number;
}

/** An imported place that was not taken, because the cell holds another label. */
export interface Conflict extends RowPlace {
  readonly keypoint: string;
  readonly kept: Label;
  /** Whom the kept label is due to. */
  readonly keptFrom: Actor['kind'];
  readonly imported: { readonly x: number; readonly y: number };
}

/** A label that lies outside its picture, by less than the picture's size; it was imported. */
interface OutsideLabel extends RowPlace {
  readonly keypoint: string;
  readonly x: number;
  readonly y: number;
}

export interface ImportReport {
  readonly path: string;
  /** The number that the import has in the workspace; null when it brought nothing that was not there already. */
  importId: number | null;
  readonly tables: {
    readonly file: string;
    readonly kind: TableKind;
    readonly rows: number;
    /** Whether the table said anything that the workspace did not know. */
    readonly brought: boolean;
  }[];
  /** Files that are none of the competition's tables. */
  readonly ignored: string[];
  /** Different pictures in the training tables, and in the test tables. */
  trainingImages: number;
  testImages: number;
  imagesAdded: number;
  readonly labels: {
    /** On pictures that are new. */
    added: number;
    /** Into missing cells of pictures that were known. */
    merged: number;
    /** Said what the workspace holds already. */
    unchanged: number;
  };
  readonly conflicts: Listed<Conflict>;
  readonly outside: Listed<OutsideLabel>;
  /** Pictures that stand in two training rows with different labels; the later row is given. */
  readonly disagreements: Listed<RowPlace & { readonly sameAs: RowPlace }>;
  /** Test rows whose picture is also a training picture. */
  readonly testInTraining: Listed<RowPlace & { readonly imageKey: string }>;
  readonly duplicates: {
    /** Pictures that stand in more than one row of these tables. */
    exact: number;
    /** Groups of nearly equal pictures, in the whole workspace. */
    nearGroups: number;
  };
  /** How many values a submission must give, where a lookup table was read. */
  askedValues: number;
  rows: number;
  /** Up to the commit, with which the report itself is stored. */
  seconds: number;
  rowsPerSecond: number;
}

export function emptyReport(path: string): ImportReport {
  return {
    path,
    importId: null,
    tables: [],
    ignored: [],
    trainingImages: 0,
    testImages: 0,
    imagesAdded: 0,
    labels: { added: 0, merged: 0, unchanged: 0 },
    conflicts: { total: 0, first: [] },
    outside: { total: 0, first: [] },
    disagreements: { total: 0, first: [] },
    testInTraining: { total: 0, first: [] },
    duplicates: { exact: 0, nearGroups: 0 },
    askedValues: 0,
    rows: 0,
    seconds: 0,
    rowsPerSecond: 0,
  };
}

export function list<T>(listed: Listed<T>, item: T): void {
  listed.total++;
  if (listed.first.length < mostListed) listed.first.push(item);
}
