/** Finds tfjs-node's binding to TensorFlow and loads it. */
import { createRequire } from 'node:module';
import { InputProblem } from '../../../domain/problem.ts';

/** TensorFlow's C interface, as tfjs-node's binding shows it: what this engine uses of it. Tensors and sessions are numbers. */
export interface Runtime {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  createTensor(shape: readonly number[], type: number, data: Float32Array): number;
  tensorDataSync(tensor: number): Float32Array;
  deleteTensor(tensor: number): void;
  getNumOfTensors(): number;
  /** @param folder of a SavedModel; @param tags of its graph */
  loadSavedModel(folder: string, tags: string): number;
  /** @param inputs tensors; @param inputNames, outputNames `node:0`, separated by commas */
  runSavedModel(
    session: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): { readonly id: number }[];
  deleteSavedModel(session: number): void;
}

/** Packages in whose node_modules it may be: the program's own, and the one that `npm run setup:tfjs` makes. */
const installations = ['package.json', '.tfjs/package.json'].map((file) =>
  createRequire(new URL(`../../../../${file}`, import.meta.url)),
);
const tfjsNode = '@tensorflow/tfjs-node';
/** For every version of Node that Fiducial runs on. */
const binding = `${tfjsNode}/lib/napi-v8/tfjs_binding.node`;

/** The version of tfjs-node where its files are here; whether it loads is another question. */
export function installedVersion(): string | undefined {
  for (const require of installations)
    try {
      require.resolve(binding);
      return (require(`${tfjsNode}/package.json`) as { version: string }).version;
    } catch {
      continue;
    }
  return undefined;
}

/**
 * TensorFlow itself, without TensorFlow.js: operators called one by one train at two thirds of the speed (docs/performance.md).
 * @throws InputProblem that says how to get it where it is missing or does not load
 */
export function loadRuntime(): { runtime: Runtime; version: string } {
  // Convolutions in half the time on processors for which TensorFlow leaves oneDNN off.
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
  // Errors only.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  let problem: string | undefined;
  for (const require of installations)
    try {
      const runtime = require(binding) as Runtime;
      const { version } = require(`${tfjsNode}/package.json`) as { version: string };
      return { runtime, version };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'MODULE_NOT_FOUND') problem = message.split('\n')[0];
    }
  throw new InputProblem(
    problem === undefined ? 'tfjs-node is not installed.' : `tfjs-node does not load: ${problem}.`,
    { hint: "Run `npm run setup:tfjs` in the program's folder." },
  );
}
