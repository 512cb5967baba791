/** How good a network is in the middle of its training: on the validation images, and on as many of what it learns from. */
import type { NetworkSpec } from '../../domain/network-spec.ts';
import type { Normalisation } from '../../domain/recipe.ts';
import { mirrorPermutation } from '../../domain/schema.ts';
import type { Engine, Parameters } from '../engine/engine.ts';
import { type Trial, validationRmse } from '../evaluation/evaluation.ts';
import { predictPoints } from '../evaluation/predict.ts';
import { type Dataset, pointsOfImages } from './dataset.ts';
import type { Split } from './split.ts';

/** Training images that are judged: enough for two digits, at a percent or two of an epoch's time. */
const mostTrained = 256;

export interface Judged {
  /** Pixels. */
  readonly trainRmse: number;
  readonly validationRmse: number;
  /** Of the validation images. */
  readonly trial: Trial;
  readonly took: PlacingTime;
}

/** In seconds: until the network is ready, and for each image. */
export interface PlacingTime {
  readonly ready: number;
  readonly image: number;
}

export class Judge {
  readonly #engine: Engine;
  readonly #dataset: Dataset;
  readonly #validation: Int32Array;
  readonly #trained: Int32Array;
  readonly #network: { spec: NetworkSpec; threads: number; normalisation: Normalisation };

  constructor(
    engine: Engine,
    dataset: Dataset,
    { training, validation }: Split,
    network: { spec: NetworkSpec; threads: number; normalisation: Normalisation },
  ) {
    this.#engine = engine;
    this.#dataset = dataset;
    this.#validation = validation;
    const count = Math.min(mostTrained, validation.length, training.length);
    this.#trained = Int32Array.from(
      { length: count },
      (_, i) => training[Math.floor((i * training.length) / count)]!,
    );
    this.#network = network;
  }

  async judge(parameters: Parameters): Promise<Judged> {
    const { input, schema, pictures } = this.#dataset;
    const { spec, threads, normalisation } = this.#network;
    const outputs = 2 * schema.keypoints.length;
    const began = performance.now();
    const predictor = await this.#engine.createPredictor({ spec, input, outputs, parameters, threads });
    const ready = performance.now();
    const settings = {
      input,
      normalisation,
      permutation: mirrorPermutation(schema),
      mirror: false,
      shift: 0,
    };
    const tryOn = async (images: Int32Array): Promise<Trial> => ({
      images,
      predicted: await predictPoints(predictor, pictures, images, settings),
      truth: pointsOfImages(this.#dataset, images),
    });
    const trial = await tryOn(this.#validation);
    const trained = await tryOn(this.#trained);
    const placed = (performance.now() - ready) / 1000;
    const images = this.#validation.length + this.#trained.length;
    await predictor.dispose();
    return {
      trainRmse: validationRmse(this.#dataset, trained),
      validationRmse: validationRmse(this.#dataset, trial),
      trial,
      took: { ready: (ready - began) / 1000, image: placed / images },
    };
  }
}
