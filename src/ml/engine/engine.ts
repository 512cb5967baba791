/**
 * What executes a network spec. Training and evaluation know engines only through this file.
 * Images are [batch, 1, height, width], targets and predictions [batch, outputs], all float32 and row-major.
 */
import type { NetworkSpec } from '../../domain/network-spec.ts';
import type { Recipe } from '../../domain/recipe.ts';

export type EngineName = 'onnx' | 'tfjs' | 'webgpu';

/** What a model that stands on its own calls its input and its output, whatever runs it. */
export const IMAGE = 'image';
export const KEYPOINTS = 'keypoints';

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Parameters by name (`conv1.weight`, ...) in the order of the network; convolution weights are [out, in, height, width], dense weights [in, out]. */
export type Parameters = ReadonlyMap<string, Tensor>;

export interface InputShape {
  readonly width: number;
  readonly height: number;
}

export type OptimizerConfig =
  | { readonly kind: 'sgd'; readonly momentum: number; readonly weightDecay: number }
  | {
      readonly kind: 'adam' | 'adamw';
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    };

/** As a recipe's: means over the values asked for, with lengths in the units of the targets. */
export type LossConfig = Recipe['loss'];

export interface TrainerConfig {
  readonly spec: NetworkSpec;
  readonly input: InputShape;
  /** Length of the output vector: two for each keypoint. */
  readonly outputs: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerConfig;
  readonly loss: LossConfig;
  readonly threads: number;
  /** Names the random streams of dropout; initial parameters come from initialParameters(). */
  readonly seed: number;
}

/** One step's data. A batch may hold fewer than batchSize samples' worth of targets: mask the rest. */
export interface Batch {
  /** [batchSize, 1, height, width] */
  readonly images: Float32Array;
  /** [batchSize, outputs]; whatever stands where mask is 0 is ignored, NaN too. */
  readonly targets: Float32Array;
  /** [batchSize, outputs]; 1 where the value is asked for, else 0. */
  readonly mask: Float32Array;
}

interface StepResult {
  /** Mean loss over the values asked for; 0 when none is. */
  readonly loss: number;
}

/** All that a training step reads and writes: parameters, running statistics, the optimizer's moments. */
interface TrainerState {
  readonly step: number;
  readonly parameters: Parameters;
  /** Optimizer slots by parameter name, e.g. `conv1.weight/m`. */
  readonly slots: Parameters;
}

/** A network in training. Steps must not overlap: await each before the next. */
export interface Trainer {
  step(batch: Batch, learningRate: number): Promise<StepResult>;
  /** A copy: later steps do not change it. */
  state(): TrainerState;
  /** @throws Error when the names or shapes are not this trainer's. */
  restore(state: TrainerState): void;
  dispose(): Promise<void>;
}

/** A network in use: batch norm by running statistics, no dropout. */
export interface Predictor {
  /** @param images [n, 1, height, width] for any n; @returns [n, outputs] */
  predict(images: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export interface PredictorConfig {
  readonly spec: NetworkSpec;
  readonly input: InputShape;
  readonly outputs: number;
  readonly parameters: Parameters;
  readonly threads: number;
}

export interface Engine {
  readonly name: EngineName;
  readonly version: string;
  createTrainer(config: TrainerConfig, start: Parameters): Promise<Trainer>;
  createPredictor(config: PredictorConfig): Promise<Predictor>;
  /** How it trains on this machine, for people: a sentence without its subject, the engine. */
  describe?(): Promise<string>;
}
