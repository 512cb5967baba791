/** Bringing data in: an archive, a folder or a table, by a path on the service's machine. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './errors.ts';

/** Something found in many places: how often, and the first of them. */
const listed = <T extends z.ZodRawShape>(item: T) =>
  z.object({ total: z.number().int(), first: z.array(z.object(item)) });

/** Rows are counted as a person sees them: the header is row 1. */
const place = { file: z.string(), row: z.number().int() };

const importReport = z.object({
  path: z.string(),
  /** The number that the import has in the workspace; null when it brought nothing that was not there already. */
  importId: z.number().int().nullable(),
  tables: z.array(
    z.object({ file: z.string(), kind: z.string(), rows: z.number().int(), brought: z.boolean() }),
  ),
  /** Files that are none of the competition's tables. */
  ignored: z.array(z.string()),
  trainingImages: z.number().int(),
  testImages: z.number().int(),
  imagesAdded: z.number().int(),
  labels: z.object({
    /** On pictures that are new. */
    added: z.number().int(),
    /** Into missing cells of pictures that were known. */
    merged: z.number().int(),
    unchanged: z.number().int(),
  }),
  /** Places that were not taken, because the cell holds another label, due to `keptFrom`. */
  conflicts: listed({ ...place, keypoint: z.string(), keptFrom: z.string() }),
  /** Labels slightly outside their picture; they were imported. */
  outside: listed({ ...place, keypoint: z.string(), x: z.number(), y: z.number() }),
  /** Pictures that stand in two training rows with different labels. */
  disagreements: listed({ ...place, sameAs: z.object(place) }),
  /** Test rows whose picture is also a training picture. */
  testInTraining: listed({ ...place, imageKey: z.string() }),
  duplicates: z.object({
    /** Pictures that stand in more than one row of these tables. */
    exact: z.number().int(),
    /** Groups of nearly equal pictures, in the whole workspace. */
    nearGroups: z.number().int(),
  }),
  askedValues: z.number().int(),
  rows: z.number().int(),
  seconds: z.number(),
  rowsPerSecond: z.number(),
});
export type ImportReport = z.infer<typeof importReport>;

const importEvent = z.discriminatedUnion('type', [
  /** Always the first. */
  z.object({
    type: z.literal('begun'),
    /** Of the file or folder, as people know it. */
    name: z.string(),
  }),
  z.object({
    type: z.literal('progress'),
    /** What is being read. */
    file: z.string(),
    rows: z.number().int(),
    /** 0 to 1 of the file. */
    share: z.number(),
  }),
  /** All of it has been read; what is left is one transaction, which cannot be cancelled. */
  z.object({ type: z.literal('writing') }),
  z.object({ type: z.literal('done'), report: importReport }),
  z.object({ type: z.literal('cancelled') }),
]);
export type ImportEvent = z.infer<typeof importEvent>;

export const importsContract = {
  /** All or nothing, one at a time. It goes on when its caller leaves. */
  run: procedure
    .input(
      z.object({
        path: z.string().min(1),
        /** A column that tells the person or scene of each picture. */
        groupColumn: z.string().min(1).optional(),
      }),
    )
    .output(eventIterator(importEvent)),
  /**
   * Follows what anybody has begun: the import that is under way, or the end of one that nobody has been told of;
   * without either there is no event.
   */
  watch: procedure.output(eventIterator(importEvent)),
  /** Ends the import that is under way and leaves the workspace as it was; resolves when it has ended. */
  cancel: procedure,
};

export const sampleContract = {
  /** Writes a small archive of drawn faces in the competition's layout. */
  write: procedure
    .input(z.object({ out: z.string().min(1), seed: z.number().int().default(1) }))
    .output(z.object({ path: z.string(), bytes: z.number().int() })),
  /** Draws them and imports them, for whoever has no file. As imports.run. */
  import: procedure.output(eventIterator(importEvent)),
};
