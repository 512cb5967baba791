/** A network in training: one graph holds whole steps, and the parameters stay inside TensorFlow. */
import { isTrained, type DropoutLayer, type ParameterInfo } from '../../network/placed.ts';
import { shapeNetwork } from '../../network/shapes.ts';
import { dropoutMask } from '../dropout.ts';
import type { Parameters, Tensor, Trainer, TrainerConfig } from '../engine.ts';
import { Graph, type Value } from './graph.ts';
import { sequence } from './layers/layers.ts';
import { maskedLoss } from './loss.ts';
import { updateRule } from './optimizer.ts';
import type { Runtime } from './runtime.ts';
import { Session } from './session.ts';
import type { Tape } from './tape.ts';
import { Variables } from './variables.ts';

/** @throws Error when the start is not this network's parameters */
export function createTrainer(runtime: Runtime, config: TrainerConfig, start: Parameters): Trainer {
  const { graph, parameters, slots, dropouts, rule } = trainingGraph(config);
  const { batchSize, input, outputs } = config;
  parameters.check(start);
  const session = new Session(runtime, graph);
  parameters.restore(session, start);
  slots.clear(session);
  let steps = 0;

  return {
    async step({ images, targets, mask }, learningRate) {
      steps++;
      const scalars = {
        count: Math.max(
          1,
          mask.reduce((sum, value) => sum + value, 0),
        ),
        ...rule.inputs(steps, learningRate),
      };
      const inputs = new Map<string, Tensor>([
        ['images', { shape: [batchSize, input.height, input.width, 1], data: images }],
        ['targets', { shape: [batchSize, outputs], data: targets }],
        ['mask', { shape: [batchSize, outputs], data: mask }],
        ...Object.entries(scalars).map(
          ([name, value]) => [name, { shape: [], data: Float32Array.of(value) }] as const,
        ),
        ...dropouts.map((layer, index) => {
          const data = dropoutMask(config, layer, steps, index);
          return [maskName(layer), { shape: [batchSize, ...layer.input], data }] as const;
        }),
      ]);
      const [loss] = session.run(inputs, ['loss']);
      return { loss: loss![0]! };
    },
    state: () => ({ step: steps, parameters: parameters.values(session), slots: slots.values(session) }),
    restore(saved) {
      parameters.check(saved.parameters);
      slots.check(saved.slots);
      parameters.restore(session, saved.parameters);
      slots.restore(session, saved.slots);
      steps = saved.step;
    },
    async dispose() {
      session.dispose();
    },
  };
}

/** Forward, masked loss, backward and update: the output `loss` is there when all variables have changed. */
function trainingGraph(config: TrainerConfig) {
  const { batchSize, input, outputs } = config;
  const { layers, parameters: infos } = shapeNetwork(config.spec, input, outputs);
  const graph = new Graph();
  const images = graph.input('images', [batchSize, input.height, input.width, 1]);
  const targets = graph.input('targets', [batchSize, outputs]);
  const mask = graph.input('mask', [batchSize, outputs]);
  const count = graph.input('count', []);

  const parameters = new Variables(graph, 'parameter');
  const slots = new Variables(graph, 'slot');
  const variables = new Map(infos.map((info) => [info, parameters.add(info.name, info.shape)]));
  const gradients = new Map<ParameterInfo, Value>();
  const dropouts: DropoutLayer[] = [];
  const changes: Value[] = [];
  const tape: Tape = {
    graph,
    trainedAtOnce: batchSize,
    parameter: (info) => graph.read(variables.get(info)!),
    addGradient: (info, gradient) => gradients.set(info, gradient),
    setRunningStatistic: (info, value) => changes.push(graph.assign(variables.get(info)!, value)),
    dropoutMask(layer) {
      dropouts.push(layer);
      const given = graph.input(maskName(layer), [batchSize, ...layer.input]);
      return layer.input.length === 3 ? graph.transpose(given, [0, 2, 3, 1]) : given;
    },
  };
  const network = sequence(tape, layers, images);
  const { loss, gradient } = maskedLoss(graph, config.loss, network.output, targets, mask, count);
  network.backward(gradient);

  const rule = updateRule(graph, config.optimizer);
  for (const info of infos.filter(isTrained)) {
    const own = rule.slots.map((slot) => slots.add(`${info.name}/${slot}`, info.shape));
    const isWeight = info.role === 'weight';
    changes.push(rule.update(variables.get(info)!, own, gradients.get(info)!, isWeight));
  }
  parameters.close();
  slots.close();
  graph.output('loss', loss, changes);
  return { graph, parameters, slots, dropouts, rule };
}

function maskName({ name }: DropoutLayer): string {
  return `${name}/mask`;
}
