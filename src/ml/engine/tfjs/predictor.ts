/** A network in use. */
import { shapeNetwork } from '../../network/shapes.ts';
import type { Predictor, PredictorConfig } from '../engine.ts';
import { Graph } from './graph.ts';
import { sequence } from './layers/layers.ts';
import type { Runtime } from './runtime.ts';
import { Session } from './session.ts';
import type { Tape } from './tape.ts';
import { Variables } from './variables.ts';

/** Images that a predictor takes at once, so that its memory does not grow with their number. */
const PREDICTED_AT_ONCE = 64;

/** @throws Error when the parameters are not this network's */
export function createPredictor(runtime: Runtime, config: PredictorConfig): Predictor {
  const { input, outputs } = config;
  const { layers } = shapeNetwork(config.spec, input, outputs);
  const graph = new Graph();
  const parameters = new Variables(graph, 'parameter');
  const tape: Tape = {
    graph,
    trainedAtOnce: undefined,
    parameter: ({ name, shape }) => graph.read(parameters.add(name, shape)),
    addGradient: neverTrained,
    setRunningStatistic: neverTrained,
    dropoutMask: neverTrained,
  };
  const images = graph.input('images', [-1, input.height, input.width, 1]);
  graph.output('keypoints', sequence(tape, layers, images).output);
  parameters.close();
  parameters.check(config.parameters);
  const session = new Session(runtime, graph);
  parameters.restore(session, config.parameters);
  const size = input.width * input.height;

  return {
    async predict(pictures) {
      const count = pictures.length / size;
      const predicted = new Float32Array(count * outputs);
      for (let first = 0; first < count; first += PREDICTED_AT_ONCE) {
        const data = pictures.subarray(first * size, (first + PREDICTED_AT_ONCE) * size);
        const shape = [data.length / size, input.height, input.width, 1];
        const [some] = session.run(new Map([['images', { shape, data }]]), ['keypoints']);
        predicted.set(some!, first * outputs);
      }
      return predicted;
    },
    async dispose() {
      session.dispose();
    },
  };
}

function neverTrained(): never {
  throw new Error('a network in use does not learn');
}
