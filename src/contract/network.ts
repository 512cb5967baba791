/** Networks: those that there are, and what one comes to while it is being written. */
import { z } from 'zod';
import type { NetworkSpec } from '../domain/network-spec.ts';
import type { Recipe } from '../domain/recipe.ts';
import { procedure } from './errors.ts';

const count = z.number().int();
const receptiveField = z.tuple([count, count]);

const layer = z.object({
  /** As people count: `4.2` is the second layer in the body of the fourth; `output` for the last, which no spec lists. */
  place: z.string(),
  type: z.string(),
  /** `conv1`, `residual2.conv1`: the first part of its parameters' names. */
  name: z.string(),
  /** [channels, height, width] or [values]. This and what follows is null where the layer, or one before it, is wrong. */
  output: z.array(count).nullable(),
  /** Numbers that training learns. */
  parameters: count.nullable(),
  /** Of one picture's forward pass. */
  multiplyAdds: count.nullable(),
  /** Pixels of the input, [height, width], that one value of the output depends on; the whole input behind the last map. */
  receptiveField: receptiveField.nullable(),
  /** What is wrong with it; `field` where one of its fields is. */
  problems: z.array(z.object({ field: z.string().nullable(), message: z.string() })),
  /** Of a residual block. */
  get body() {
    return z.array(layer);
  },
});
export type NetworkLayer = z.infer<typeof layer>;

const networkDescription = z.object({
  layers: z.array(layer),
  /** What is wrong with the network as a whole. */
  problems: z.array(z.string()),
  /** Null while anything is wrong. The receptive field is that of one cell of the last map. */
  totals: z.object({ parameters: count, multiplyAdds: count, receptiveField }).nullable(),
});

const engine = z.object({
  name: z.enum(['onnx', 'tfjs', 'webgpu']),
  /** Null where it is not installed. */
  version: z.string().nullable(),
  /** Training this network on this machine, once that has been measured. */
  imagesPerSecond: z.number().nullable(),
  /** Why it could not be measured. */
  problem: z.string().nullable(),
});

export const networkContract = {
  /** For the workspace's keypoints. Whatever `spec` is, what is wrong stands in the answer, at its layer. */
  describe: procedure.input(z.object({ spec: z.unknown() })).output(networkDescription),
  /** How quickly each engine trains a network here. @param measure takes a few seconds for what is not known yet; a training under way is held meanwhile */
  engines: procedure
    .input(
      z.object({
        /** A preset's name, or `custom`. */
        network: z.string(),
        spec: z.custom<NetworkSpec>(),
        recipe: z.custom<Recipe>(),
        measure: z.boolean().default(false),
      }),
    )
    .output(z.array(engine)),
  /** Networks by name, each with the recipe that goes with it. */
  presets: procedure.output(
    z.array(z.object({ name: z.string(), spec: z.custom<NetworkSpec>(), recipe: z.custom<Recipe>() })),
  ),
};
