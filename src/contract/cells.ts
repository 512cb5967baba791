/** The words that the procedures on images and labels share. A keypoint is its index in the schema. */
import { z } from 'zod';
import { labelStates } from '../domain/label.ts';

export const cell = z.object({ imageId: z.number().int().min(1), keypoint: z.number().int().min(0) });
export type Cell = z.infer<typeof cell>;

const place = { x: z.number(), y: z.number() };

/** x and y in pixels of the image, 0-based pixel centres, x right, y down. */
export const label = z.discriminatedUnion('state', [
  z.object({ state: z.literal('missing') }),
  z.object({ state: z.literal('visible'), ...place }),
  z.object({ state: z.literal('occluded'), ...place }),
  z.object({ state: z.literal('absent') }),
]);

/** Who or what a label is due to. A proposal that a person accepts stays the proposer's. */
export const author = z.object({
  kind: z.enum(['human', 'import', 'mirror', 'model-run', 'shape', 'copy']),
  /** The person; the import's or run's number; the keypoint mirrored; the image copied from. */
  name: z.string(),
});
export type Author = z.infer<typeof author>;

/** Which images: all that are named hold together. It also stands in the address of a screen. */
export const imageFilter = z.strictObject({
  /** A keypoint's name: its state is what `state` asks for, its author `author`; alone, that it is missing. */
  keypoint: z.string().optional(),
  /** Without `keypoint`, that some keypoint is in that state. */
  state: z.enum(labelStates).optional(),
  /** Images of training tables or of test tables. */
  kind: z.enum(['training', 'test']).optional(),
  /** The number of a source. */
  source: z.number().int().optional(),
  /** `kind:name` of whom a label is due to, or of who accepted it. */
  author: z.string().optional(),
  /** As the latest run split them. */
  split: z.enum(['training', 'validation']).optional(),
  /** The number of a group of near duplicates, or that it is in any. */
  duplicates: z.union([z.literal('any'), z.number().int()]).optional(),
  /** Every keypoint is placed or absent. */
  complete: z.boolean().optional(),
  /** Sources give other places than a label has, and nobody has decided. */
  disputed: z.boolean().optional(),
  /** The latest finished run has said where the keypoints are. */
  predicted: z.boolean().optional(),
  /** Part of the image's number, its name in a table, its group or its file. */
  text: z.string().optional(),
});
export type ImageFilter = z.infer<typeof imageFilter>;

/** `added`: in the order of import; `missing`: most missing keypoints first; `outlier`: the strangest label first, of the keypoint selected where one is; `changed`: last changed first; `similar`: near duplicates and groups side by side; `next`: where a label is expected to give the score most first. */
export const imageOrder = z.enum(['added', 'next', 'missing', 'outlier', 'changed', 'similar']);
export type ImageOrder = z.infer<typeof imageOrder>;

/** Images as a screen shows them: which, and in which order. */
export const selection = z.object({
  filter: imageFilter.default({}),
  order: imageOrder.default('added'),
  reversed: z.boolean().default(false),
});
export type Selection = z.input<typeof selection>;
