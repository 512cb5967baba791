/**
 * The tour: what there is to understand, each step on the screen where it is to be seen, in the numbers of this
 * workspace. Where a step needs a run that is not there, it says which training makes it.
 */
import type { RunView, StartInput } from '../../contract/runs.ts';
import type { WorkspaceInfo } from '../../contract/workspace.ts';
import type { Layer, NetworkSpec } from '../../domain/network-spec.ts';
import { type Augmentation, noAugmentation } from '../../domain/recipe.ts';
import { writeSelection } from '../dataset/selection.ts';
import type { Screen } from '../frame/address.svelte.ts';
import { count, counted, spoken } from '../frame/format.ts';
import { writePlace } from '../models/place.ts';
import { writeView } from '../samples/view.ts';

/** A run with what it was trained on and how. */
export interface KnownRun extends RunView {
  readonly spec: NetworkSpec;
  readonly augmentation: Augmentation;
  /** One for each epoch. */
  readonly curve: readonly { readonly epoch: number; readonly validationRmse: number }[];
}

export interface Facts {
  readonly info: WorkspaceInfo;
  /** Trainings, the latest first; ensembles and runs that were put aside left out. */
  readonly runs: readonly KnownRun[];
  /** Of the convolutional run's first ReLU on the first image: how many of its values it sets to 0. */
  readonly silenced: { readonly zeros: number; readonly of: number } | undefined;
}

/** A training that makes what a step needs. */
export interface Needed {
  readonly button: string;
  readonly start: StartInput;
}

export interface TourStep {
  readonly title: string;
  readonly text: string;
  readonly screen: Screen;
  readonly query: URLSearchParams;
  /** The first one that is missing. */
  readonly needed?: Needed;
}

/** Seconds that a training of the tour may take. */
const timeLimit = 120;

export function tourSteps(facts: Facts): TourStep[] {
  return [
    missingData(facts),
    whyMirror(facts),
    plainNetwork(facts),
    convolution(facts),
    relu(facts),
    pooling(facts),
    overfitting(facts),
    augmentation(facts),
    curves(facts),
  ];
}

function missingData({ info }: Facts): TourStep {
  const cells = info.completeness.map(({ keypoint, states }) => ({
    keypoint,
    placed: states.visible + states.occluded,
    missing: states.missing,
  }));
  const placed = cells.reduce((sum, cell) => sum + cell.placed, 0);
  const lost = placed - info.completeImages * cells.length;
  const [rarest] = cells.toSorted((a, b) => b.missing - a.missing);
  return {
    title: 'Missing data',
    text:
      `${count(info.completeImages)} of ${counted(info.trainingImages, 'training image')} have every keypoint; ` +
      (rarest && rarest.missing > 0
        ? `the ${spoken(rarest.keypoint)} is missing in ${count(rarest.missing)}. `
        : '') +
      `Who trains on complete rows only throws away ${count(lost)} of ${count(placed)} labels. Here every row takes part, and a missing keypoint adds nothing to the loss.`,
    screen: 'dataset',
    query: writeSelection({ filter: { kind: 'training' }, order: 'missing' }),
  };
}

function whyMirror({ info }: Facts): TourStep {
  const pairs = info.schema.mirrorPairs.length;
  return {
    title: 'Why mirror',
    text: `A mirrored face is another face: ${count(info.trainingImages)} become ${count(2 * info.trainingImages)}. But in the mirror a left eye is a right one, so ${counted(pairs, 'pair')} of names must change places with it. Every variant shown here is drawn as training draws it; about half are mirrored.`,
    screen: 'samples',
    query: writeView({
      seed: undefined,
      frozen: true,
      only: 'mirror',
      image: undefined,
      epoch: 1,
      shown: 'samples',
      augmentation: { ...noAugmentation, mirror: 0.5 },
    }),
  };
}

function plainNetwork(facts: Facts): TourStep {
  const title = 'A plain network';
  const run = finished(facts, isPlain);
  const about = 'A plain network reads all 9,216 pixels at once: each unit has a weight for every pixel.';
  if (!run)
    return waiting(facts, isPlain, title, about, { button: 'Train the plain network', start: { preset: 'mlp', timeLimit } }); // prettier-ignore
  return {
    title,
    text: `${about} ${costs(run)} ${off(run)}${against(run)} Press a filter: is anything of a face to be seen in it?`,
    screen: 'models',
    query: writePlace({ network: { run: run.runId, at: 'best' } }),
  };
}

function convolution(facts: Facts): TourStep {
  const title = 'From plain net to convolution';
  const plain = finished(facts, isPlain);
  const run = finished(facts, isConvolutional);
  const about = 'A convolution moves one small filter over the whole face, so it needs few weights and finds an eye wherever it is.'; // prettier-ignore
  if (!run)
    return waiting(facts, isConvolutional, title, about, { button: 'Train a convolutional network', start: { preset: 'default', timeLimit } }); // prettier-ignore
  const beside = plain ? `Beside it run ${plain.runId}, plain: ${off(plain)} ` : '';
  return {
    title,
    text: `${about} ${costs(run)} ${off(run)} ${beside}Move the pointer over the map: at the right stand the weights, the pixels and the sum.`,
    screen: 'models',
    query: writePlace({
      network: { run: run.runId, at: 'best' },
      beside: plain && { run: plain.runId, at: 'best' },
    }),
  };
}

function relu(facts: Facts): TourStep {
  const title = 'ReLU';
  const run = finished(facts, isConvolutional);
  const about = 'Convolutions alone, one after the other, are only one larger convolution. ReLU between them lets through what is positive and sets the rest to 0.'; // prettier-ignore
  if (!run)
    return waiting(facts, isConvolutional, title, about, { button: 'Train a convolutional network', start: { preset: 'default', timeLimit } }); // prettier-ignore
  const { silenced } = facts;
  const share = silenced
    ? ` On the first image it silences ${percent(silenced.zeros / silenced.of)} of ${count(silenced.of)} values.`
    : '';
  return {
    title,
    text: `${about}${share} Compare with the layer before it (W and S).`,
    screen: 'models',
    query: writePlace({
      network: { run: run.runId, at: 'best' },
      spot: { layer: 'relu1', channel: undefined },
    }),
  };
}

function pooling(facts: Facts): TourStep {
  const title = 'Pooling';
  const run = finished(facts, hasPooling);
  const about = 'Max pooling keeps the largest of a few neighbours: the map gets smaller, what comes behind it sees more of the face, and a feature may move by a pixel.'; // prettier-ignore
  if (!run)
    return waiting(facts, hasPooling, title, about, { button: 'Train a network that pools', start: { preset: 'lenet5', timeLimit } }); // prettier-ignore
  return {
    title,
    text: `${about} In run ${run.runId} the marked value is the largest of those listed at the right. The default network takes larger steps instead.`,
    screen: 'models',
    query: writePlace({
      network: { run: run.runId, at: 'best' },
      spot: { layer: 'maxPool1', channel: undefined },
    }),
  };
}

function overfitting(facts: Facts): TourStep {
  const { info } = facts;
  const title = `Overfitting on ${counted(info.completeImages, 'complete row')}`;
  const run = finished(facts, learnsByHeart);
  const about = `${counted(info.completeImages, 'row')} with every keypoint are few for a network of a hundred thousand weights or more: without augmentation it learns them by heart.`; // prettier-ignore
  if (!run)
    return waiting(facts, learnsByHeart, title, about, {
      button: 'Train on complete rows, without augmentation',
      start: {
        preset: 'default',
        rows: { kind: 'complete' },
        recipe: { augmentation: noAugmentation },
        timeLimit,
      },
    });
  return {
    title,
    text: `${about} Run ${run.runId} is ${px(run.trainRmse!)} off on faces that it has learned from, and ${px(run.validation!.rmse)} on others: ${gap(run)} of the squared error is there only on faces that it has not seen.`,
    screen: 'train',
    query: new URLSearchParams({ run: String(run.runId) }),
  };
}

function augmentation(facts: Facts): TourStep {
  const title = 'What augmentation does';
  const before = finished(facts, learnsByHeart);
  const run = finished(facts, augmentsComplete);
  const about = 'Rotated, shifted, mirrored, brighter: no face is the same in two epochs, so there is nothing to learn by heart.'; // prettier-ignore
  if (!run)
    return waiting(facts, augmentsComplete, title, about, {
      button: 'Train on complete rows, with augmentation',
      start: { preset: 'default', rows: { kind: 'complete' }, timeLimit },
    });
  const compared = before
    ? ` Run ${before.runId}, without it: ${px(before.trainRmse!)} and ${px(before.validation!.rmse)}.`
    : '';
  return {
    title,
    text: `${about} Run ${run.runId} on the same rows is ${px(run.trainRmse!)} off on faces that it has learned from and ${px(run.validation!.rmse)} on others.${compared}`,
    ...(before
      ? {
          screen: 'runs' as const,
          query: new URLSearchParams({ marked: `${before.runId},${run.runId}`, shown: 'comparison' }),
        }
      : { screen: 'train' as const, query: new URLSearchParams({ run: String(run.runId) }) }),
  };
}

function curves(facts: Facts): TourStep {
  const title = 'Reading the curves';
  const judged = facts.runs.filter(isJudged);
  const [run] = judged.toSorted((a, b) => a.validation!.rmse - b.validation!.rmse);
  const about = 'Two lines: the error on faces that the network learns from, and on others. Both fall: go on. The gap grows: it learns by heart. Both lie flat and high: the network is too small, or the labels are wrong.'; // prettier-ignore
  if (!run)
    return waiting(facts, isConvolutional, title, about, { button: 'Train a network', start: { preset: 'default', timeLimit } }); // prettier-ignore
  const last = run.curve.at(-1);
  const best = run.curve.find(({ epoch }) => epoch === run.bestEpoch);
  const shape = last && best ? ` Its lowest point on other faces is ${px(best.validationRmse)} in epoch ${best.epoch} of ${last.epoch}; the last is ${px(last.validationRmse)}.` : ''; // prettier-ignore
  return {
    title,
    text: `${about} Run ${run.runId} is the best here.${shape}`,
    screen: 'train',
    query: new URLSearchParams({ run: String(run.runId) }),
  };
}

/** A step whose run is not there: it trains, or its button starts it. */
function waiting(
  { runs }: Facts,
  fits: (run: KnownRun) => boolean,
  title: string,
  about: string,
  needed: Needed,
): TourStep {
  const underway = runs.find((run) => (run.status === 'running' || run.status === 'queued') && fits(run));
  if (underway)
    return {
      title,
      text: `${about} Run ${underway.runId} will show it: it is ${underway.status === 'running' ? 'training' : 'waiting for its turn'}.`,
      screen: 'train',
      query: new URLSearchParams({ run: String(underway.runId) }),
    };
  return {
    title,
    text: `${about} There is no such run yet; one takes about ${timeLimit / 60} minutes.`,
    screen: 'train',
    query: new URLSearchParams(),
    needed,
  };
}

const isJudged = ({ status, validation, trainRmse }: RunView) =>
  status === 'finished' && validation !== null && trainRmse !== null;

/** The latest that has been judged. */
const finished = ({ runs }: Facts, fits: (run: KnownRun) => boolean) =>
  runs.find((run) => isJudged(run) && fits(run));

const holds = (layers: readonly Layer[], type: Layer['type']): boolean =>
  layers.some((layer) => layer.type === type || (layer.type === 'residual' && holds(layer.body, type)));
const isPlain = ({ spec }: KnownRun) => !holds(spec.layers, 'conv');
const isConvolutional = ({ spec }: KnownRun) => spec.layers[0]?.type === 'conv';
const hasPooling = ({ spec }: KnownRun) => spec.layers.some(({ type }) => type === 'maxPool');
const isAugmented = ({ augmentation }: KnownRun) =>
  Object.values(augmentation).some((strength) => strength > 0);
const learnsByHeart = (run: KnownRun) => run.rows === 'complete' && !isAugmented(run);
const augmentsComplete = (run: KnownRun) => run.rows === 'complete' && isAugmented(run);

/** The latest convolutional run, whose ReLU the tour shows. */
export const convolutionalRun = (runs: readonly KnownRun[]): KnownRun | undefined =>
  runs.find((run) => isJudged(run) && isConvolutional(run));

const px = (value: number) => `${value.toFixed(2)} px`;
const percent = (share: number) => `${Math.round(100 * share)} %`;
const off = ({ validation }: RunView) => `It is ${px(validation!.rmse)} off on faces that it has not seen.`;
const costs = ({ runId, parameters }: RunView) =>
  parameters === null ? '' : `Run ${runId} has ${count(parameters)} weights.`;
const gap = ({ trainRmse, validation }: RunView) =>
  percent(Math.max(0, 1 - (trainRmse! / validation!.rmse) ** 2));

/** Beside what takes no network at all. */
function against({ baselines }: RunView): string {
  const mean = baselines.find(({ name }) => name === 'mean shape');
  return mean ? ` Placing every face’s points at their mean: ${px(mean.rmse)}.` : '';
}
