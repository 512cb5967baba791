/** Graphs under way: TensorFlow runs a whole graph at a time, without a call for each operator. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor } from '../engine.ts';
import type { Graph } from './graph.ts';
import type { Runtime } from './runtime.ts';

const TAG = 'fiducial';

/** Holds the variables of its graph. Dispose of it. */
export class Session {
  readonly #runtime: Runtime;
  readonly #id: number;

  /** @throws Error when TensorFlow refuses the graph */
  constructor(runtime: Runtime, graph: Graph) {
    this.#runtime = runtime;
    // TensorFlow takes graphs from folders only.
    const folder = mkdtempSync(join(tmpdir(), 'fiducial-graph-'));
    try {
      writeFileSync(join(folder, 'saved_model.pbtxt'), graph.encode(TAG));
      this.#id = runtime.loadSavedModel(folder, TAG);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /**
   * Blocks until it is done; keeps no tensor.
   * @param inputs values of the graph's inputs by name
   * @returns the values of these nodes
   */
  run(inputs: ReadonlyMap<string, Tensor>, outputs: readonly string[]): Float32Array[] {
    const runtime = this.#runtime;
    const fed = Array.from(inputs.values(), ({ data, shape }) =>
      runtime.createTensor(shape, runtime.TF_FLOAT, data),
    );
    const names = (nodes: Iterable<string>) => Array.from(nodes, (name) => `${name}:0`).join();
    try {
      const results = runtime.runSavedModel(this.#id, fed, names(inputs.keys()), names(outputs));
      return results.map(({ id }) => {
        const data = runtime.tensorDataSync(id);
        runtime.deleteTensor(id);
        return data;
      });
    } finally {
      for (const tensor of fed) runtime.deleteTensor(tensor);
    }
  }

  dispose(): void {
    this.#runtime.deleteSavedModel(this.#id);
  }
}
