/** A tiny task that a tiny network learns: where a bright spot and its fainter twin are. */
import { randomStream } from '../../../src/domain/random.ts';
import type { KeypointSchema } from '../../../src/domain/schema.ts';
import type { RunConfig } from '../../../src/ml/training/config.ts';
import type { Dataset } from '../../../src/ml/training/dataset.ts';
import { picturesInMemory } from '../../../src/ml/training/pictures.ts';
import { parseRecipe } from '../../../src/ml/training/recipe.ts';
import type { Split } from '../../../src/ml/training/split.ts';

const schema: KeypointSchema = {
  id: 'spots',
  title: 'A bright and a faint spot',
  keypoints: ['bright', 'faint'],
  mirrorPairs: [],
  skeleton: [],
};
const input = { width: 12, height: 12 };
const images = 40;

/** 40 pictures of 12x12; every fourth has no label for the faint spot. */
export function spots(): { dataset: Dataset; split: Split } {
  const pixels = new Uint8Array(new SharedArrayBuffer(images * 144));
  const points = new Float32Array(new SharedArrayBuffer(4 * images * 4));
  for (let image = 0; image < images; image++) {
    const random = randomStream(99, image);
    const places = [0, 1].map(() => [2 + 7 * random.uniform(), 2 + 7 * random.uniform()] as const);
    for (let i = 0; i < 144; i++) {
      const glow = places.map(([x, y]) =>
        Math.exp(-(((i % 12) - x) ** 2 + (Math.floor(i / 12) - y) ** 2) / 4),
      );
      pixels[image * 144 + i] = Math.min(255, 200 * glow[0]! + 90 * glow[1]!);
    }
    points.set(places.flat(), image * 4);
    if (image % 4 === 0) points.fill(NaN, image * 4 + 2, image * 4 + 4);
  }
  const all = Int32Array.from({ length: images }, (_, i) => i);
  return {
    dataset: {
      schema,
      input,
      imageIds: [...all],
      pictures: picturesInMemory(pixels, 144),
      points,
      together: [],
      asked: null,
    },
    split: { training: all.subarray(0, 30), validation: all.subarray(30), groups: all },
  };
}

/** Four steps an epoch, with dropout, batch norm and every augmentation: all that could make two runs differ. */
export const spotsConfig: RunConfig = {
  preset: 'custom',
  spec: {
    layers: [
      { type: 'conv', filters: 4, kernel: 3, padding: 'same' },
      { type: 'batchNorm' },
      { type: 'relu' },
      { type: 'maxPool', size: 2 },
      { type: 'flatten' },
      { type: 'dense', units: 16 },
      { type: 'relu' },
      { type: 'dropout', rate: 0.2 },
    ],
  },
  recipe: parseRecipe({
    epochs: 6,
    batchSize: 8,
    optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
    schedule: { kind: 'cosine', rate: 0.01, warmUp: 0.1, floor: 0 },
    loss: { kind: 'huber', delta: 2 },
    augmentation: {
      mirror: 0.5,
      rotation: 10,
      scale: 0.1,
      shift: 1,
      contrast: 0.1,
      brightness: 0.1,
      noise: 0.05,
      blur: 0.5,
      cutOut: 0.1,
    },
    normalisation: 'standardise',
    patience: null,
    mirrorAtTest: true,
    shiftAtTest: 0,
  }),
  engine: 'onnx',
  seed: 3,
  snapshot: 'spots',
  rows: { kind: 'all' },
  split: { validation: 0.25, seed: 1 },
  threads: 1,
};
