/**
 * What the layers of a run's network see. Places are in pixels of the network's input, bytes and little-endian 32-bit
 * floats are base64. A layer goes by its name, as `network.describe` gives it.
 */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './errors.ts';
import { runReference } from './runs.ts';

const index = z.number().int().min(0);
const floats = z.string();

/** `start`: as the run began; `best`: the epoch that predicts; a number: that kept epoch. */
const network = {
  run: runReference,
  at: z.union([z.literal('start'), z.literal('best'), z.number().int().min(1)]),
};

/** An image as the network gets it, before it is normalised: gray bytes, row by row. */
const picture = z.object({ width: z.number().int(), height: z.number().int(), pixels: z.string() });
export type InputPictureView = z.infer<typeof picture>;

/** Pixels, all four sides included. */
const field = z.object({
  top: z.number().int(),
  left: z.number().int(),
  bottom: z.number().int(),
  right: z.number().int(),
});

/** x, y of each keypoint in the schema's order. */
const places = z.array(z.number().nullable());

const face = z.object({
  picture,
  labels: places,
  /** Where this network places them, without averaging over the mirror image. */
  points: z.array(z.number()),
  /** Of what the layer comes to: [channels, height, width] or [values]. */
  shape: z.array(z.number().int()),
  values: floats,
});

/** A part of a layer's input, [channels, height, width]; zeros where it reaches beyond the map. */
const patch = {
  shape: z.tuple([z.number().int(), z.number().int(), z.number().int()]),
  /** Row and column in the layer's input of the patch's first cell. */
  origin: z.tuple([z.number().int(), z.number().int()]),
  inputs: floats,
};

const arithmetic = z.discriminatedUnion('kind', [
  /** Sum of inputs x weights, plus the bias. */
  z.object({ kind: z.literal('weighted'), ...patch, weights: floats, bias: z.number() }),
  /** Sum of inputs x weights: how likely each cell is, and where it lies, in half widths of the picture. */
  z.object({ kind: z.literal('meanPlace'), ...patch, weights: floats }),
  z.object({ kind: z.literal('max'), ...patch }),
  z.object({ kind: z.literal('mean'), ...patch }),
  /** max(0, input) */
  z.object({ kind: z.literal('relu'), input: z.number() }),
  /** (input - mean) / sqrt(variance + epsilon) * scale + shift */
  z.object({
    kind: z.literal('batchNorm'),
    input: z.number(),
    mean: z.number(),
    variance: z.number(),
    epsilon: z.number(),
    scale: z.number(),
    shift: z.number(),
  }),
  /** shortcut + scale * body */
  z.object({ kind: z.literal('residual'), shortcut: z.number(), scale: z.number(), body: z.number() }),
  /** What goes in comes out. */
  z.object({ kind: z.literal('same'), input: z.number() }),
]);
export type ArithmeticView = z.infer<typeof arithmetic>;

const cell = z.object({
  /** As in the face's values. */
  value: z.number(),
  /** What it sees of the picture; null for nothing. */
  field: field.nullable(),
  arithmetic,
});

const weights = z.object({
  /** The layer's, in all. */
  channels: z.number().int(),
  /** Of one channel: [channels, height, width] of what it reads. */
  shape: z.tuple([z.number().int(), z.number().int(), z.number().int()]),
  /** Channel by channel. */
  values: floats,
});

const occlusion = z.object({
  /** Of the hidden square: its side, and how far apart its places are. */
  patch: z.number().int(),
  step: z.number().int(),
  columns: z.number().int(),
  rows: z.number().int(),
  /** [keypoints, rows, columns]: by how much the error grows, or how far the keypoint moves where it has no label. */
  effects: floats,
});

const strongest = z.array(
  z.object({
    imageId: z.number().int(),
    /** The channel's largest on the image. */
    value: z.number(),
    picture,
    /** What the cell with that value sees. */
    field: field.nullable(),
  }),
);

const exciteEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number().int(), total: z.number().int() }),
  z.object({ type: z.literal('done'), images: z.number().int() }),
]);
export type ExciteEvent = z.infer<typeof exciteEvent>;

const imageId = z.number().int().min(1);

export const layersContract = {
  /** An image, where the network places its keypoints, and what one layer comes to. */
  face: procedure.input(z.object({ ...network, imageId, layer: z.string() })).output(face),
  /** How one value of a layer comes about. In a list of values the channel is the value's place. */
  cell: procedure
    .input(
      z.object({
        ...network,
        imageId,
        layer: z.string(),
        channel: index,
        row: index.default(0),
        column: index.default(0),
      }),
    )
    .output(cell),
  /** The filters of a convolution, or what the units of a dense layer read, some channels of them. */
  weights: procedure
    .input(
      z.object({
        ...network,
        layer: z.string(),
        from: index.default(0),
        count: z.number().int().min(1).max(1024),
      }),
    )
    .output(weights),
  /** What changes when a square of the picture is hidden, for every place of it. */
  occlusion: procedure
    .input(
      z.object({
        ...network,
        imageId,
        patch: z.number().int().min(1).max(96).default(12),
        step: z.number().int().min(2).max(96).default(4),
      }),
    )
    .output(occlusion),
  /** Finds the images that excite each channel most, over all images of the workspace, once for each network: the run's folder keeps it. Leaving the iterator ends it. */
  excite: procedure.input(z.object(network)).output(eventIterator(exciteEvent)),
  /** The images that excite a channel most, the strongest first; null until `excite` has found them. */
  strongest: procedure
    .input(z.object({ ...network, layer: z.string(), channel: index }))
    .output(strongest.nullable()),
};
