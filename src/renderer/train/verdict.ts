/**
 * What a finished run means, in three sentences: how good it is, what limits it, what to try next. Every claim is a
 * number of the run, and each sentence has something that can be done about it.
 */
import type { Layer, NetworkSpec } from '../../domain/network-spec.ts';
import { noAugmentation } from '../../domain/recipe.ts';
import { counted, spoken } from '../frame/format.ts';
import { type Draft, draftOf } from './draft.ts';
import { type Evidence, type Floor, floorOf, type Limit, limitOf } from './limits.ts';

/** What the button of a sentence does. */
export type Step =
  | { readonly kind: 'submission' }
  | { readonly kind: 'show-run'; readonly run: number }
  | { readonly kind: 'compare'; readonly runs: readonly number[] }
  | { readonly kind: 'ensemble'; readonly runs: readonly number[] }
  /** Where points are placed, at these images or over all that miss a keypoint. */
  | { readonly kind: 'image'; readonly imageId: number }
  | { readonly kind: 'label'; readonly keypoint: string }
  | { readonly kind: 'outliers'; readonly keypoint: string }
  | { readonly kind: 'worst' }
  /** The next training, set up. */
  | { readonly kind: 'draft'; readonly draft: Draft };

interface Sentence {
  readonly text: string;
  readonly button: string;
  readonly step: Step;
}

export interface Verdict {
  readonly good: Sentence;
  readonly limit: Sentence;
  readonly next: Sentence;
}

/** @returns undefined for a run that was judged on no image */
export function verdict(evidence: Evidence): Verdict | undefined {
  if (!evidence.run.validation) return undefined;
  const limit = limitOf(evidence);
  return { good: howGood(evidence), limit: whatLimits(limit), next: whatNext(limit, evidence) };
}

function howGood(evidence: Evidence): Sentence {
  const { run, others } = evidence;
  const { rmse, interval } = run.validation!;
  const [baseline] = run.baselines;
  const images = run.validationImages ?? 0;
  const against = !baseline
    ? ''
    : rmse < baseline.rmse
      ? `, ${percent(1 - rmse / baseline.rmse)} less than the best baseline (${baseline.name}, ${px(baseline.rmse)})`
      : `: the best baseline, ${baseline.name}, is better with ${px(baseline.rmse)}`;
  const floor = floorOf(evidence);
  const people = floor ? ` ${floorText(floor)}.` : '';
  const text = `It is ${px(rmse)} off on ${counted(images, 'image')} that it has not seen (95 % interval ${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})${against}.${people}`;
  const [best] = others.toSorted((a, b) => a.validation!.rmse - b.validation!.rmse);
  if (best && best.validation!.rmse < rmse)
    return {
      text,
      button: `Compare with run ${best.runId}, the best so far`,
      step: { kind: 'compare', runs: [best.runId, run.runId] },
    };
  if (baseline && rmse >= baseline.rmse)
    return { text, button: 'Show its record', step: { kind: 'show-run', run: run.runId } };
  return { text, button: 'Write a submission', step: { kind: 'submission' } };
}

const floorText = ({ rmse, whose }: Floor): string =>
  whose === 'people'
    ? `People are ${px(rmse)} off when they label again`
    : `Labels of one scene’s pictures are themselves ${px(rmse)} apart`;

function whatLimits(limit: Limit): Sentence {
  const worst = { button: 'Show its worst faces', step: { kind: 'worst' } } as const;
  switch (limit.kind) {
    case 'floor':
      return {
        text: `The labels limit it. ${floorText(limit.floor)}, so a better run could not be told from this one.`,
        ...worst,
      };
    case 'suspects':
      return {
        text: `Label noise limits it: ${counted(limit.images, 'image')} whose labels are probably wrong ${limit.images === 1 ? 'holds' : 'hold'} ${percent(limit.share)} of all squared error.`,
        button: 'Show the worst of them',
        step: { kind: 'image', imageId: limit.worst },
      };
    case 'keypoint':
      return {
        text: `One keypoint limits it: ${spoken(limit.keypoint)} is ${px(limit.rmse)} off and holds ${percent(limit.share)} of all squared error.`,
        button: 'Show its strangest labels',
        step: { kind: 'outliers', keypoint: limit.keypoint },
      };
    case 'variance':
      return {
        text: `Variance limits it: training images are ${px(limit.train)} off, others ${px(limit.validation)}; ${percent(limit.share)} of the squared error is there only on faces that it has not learned from.`,
        ...worst,
      };
    case 'unfinished':
      return {
        text: `Time limits it: the error still fell by ${percent(limit.gain)} in the last quarter of the epochs, and training images are ${px(limit.train)} off.`,
        ...worst,
      };
    case 'brief':
      return {
        text: `Time limits it: it has gone through the images only ${Number(limit.epochs.toFixed(1))} times, and training images are ${px(limit.train)} off.`,
        ...worst,
      };
    case 'bias':
      return {
        text: `Bias limits it: even training images are ${px(limit.train)} off, others ${px(limit.validation)}.`,
        ...worst,
      };
  }
}

function whatNext(limit: Limit, evidence: Evidence): Sentence {
  const { run, setup, labels } = evidence;
  const again = draftOf(setup);
  const set = (text: string, button: string, change: Partial<Draft>): Sentence => ({
    text,
    button,
    step: { kind: 'draft', draft: { ...again, ...change } },
  });
  switch (limit.kind) {
    case 'floor':
      return {
        text: 'Next: use it. Write a submission, or let it propose the points that are missing.',
        button: 'Write a submission',
        step: { kind: 'submission' },
      };
    case 'suspects':
      return {
        text: `Next: look at ${limit.images === 1 ? 'this image' : 'these images'} and correct the labels, then train again.`,
        button: 'Correct labels',
        step: { kind: 'image', imageId: limit.worst },
      };
    case 'keypoint': {
      const missing = labels.find(({ keypoint }) => keypoint === limit.keypoint)?.missing ?? 0;
      if (missing > 0)
        return {
          text: `Next: ${counted(missing, 'training image')} ${missing === 1 ? 'misses' : 'miss'} ${spoken(limit.keypoint)}; label some of them.`,
          button: `Label ${spoken(limit.keypoint)}`,
          step: { kind: 'label', keypoint: limit.keypoint },
        };
      return {
        text: `Next: every training image has ${spoken(limit.keypoint)}, so look whether its labels agree with one another.`,
        button: 'Look at its labels',
        step: { kind: 'outliers', keypoint: limit.keypoint },
      };
    }
    case 'variance':
      return againstVariance(evidence, set);
    case 'brief':
    case 'unfinished': {
      const { timeLimit } = setup;
      return timeLimit === undefined
        ? set(`Next: train twice as long, ${2 * setup.recipe.epochs} epochs.`, 'Set it up', {
            recipe: { ...setup.recipe, epochs: 2 * setup.recipe.epochs },
          })
        : set('Next: give it twice the time.', 'Set it up', { timeLimit: 2 * timeLimit });
    }
    case 'bias':
      if (run.network === 'mlp' || run.network === 'lenet5')
        return set(
          'Next: train the default network, which has residual blocks, with its own recipe.',
          'Set it up',
          { preset: 'default', spec: null, recipe: {} },
        );
      return set('Next: a network with half as many filters and units again can fit more.', 'Set it up', {
        spec: widened(setup.spec),
      });
  }
}

/** The cheapest of what is known to help and has not been done. */
function againstVariance(
  { run, setup, others, presets }: Evidence,
  set: (text: string, button: string, change: Partial<Draft>) => Sentence,
): Sentence {
  const { recipe, rows } = setup;
  if (rows.kind !== 'all')
    return set(
      'Next: learn from all rows; a missing keypoint adds nothing to the loss, and every other point teaches.',
      'Set it up',
      { rows: { kind: 'all' } },
    );
  const strengths = presets.find(({ name }) => name === 'default')?.recipe.augmentation;
  const isPlain = Object.keys(noAugmentation).every(
    (name) => recipe.augmentation[name as keyof typeof noAugmentation] === 0,
  );
  if (isPlain && strengths)
    return set(
      'Next: augment; mirrored, turned and shifted faces are further faces to learn from.',
      'Set it up',
      { recipe: { ...recipe, augmentation: strengths } },
    );
  const alike = others.filter(({ validation }) => validation!.rmse <= 1.1 * run.validation!.rmse);
  if (alike.length > 0) {
    const runs = [run, ...alike.toSorted((a, b) => a.validation!.rmse - b.validation!.rmse).slice(0, 3)].map(
      ({ runId }) => runId,
    );
    return {
      text: `Next: average it with ${alike.length === 1 ? 'the run' : 'the runs'} that ${alike.length === 1 ? 'is' : 'are'} about as good (${runs.slice(1).join(', ')}); what each has learned by heart is not the same.`,
      button: 'Average them',
      step: { kind: 'ensemble', runs },
    };
  }
  return set('Next: train the same with another seed, and average the two.', 'Set it up', {
    seed: setup.seed + 1,
  });
}

/** At least one and a half times as wide in every layer that has a width: up to the next 16 channels, which processors multiply at once. */
function widened(spec: NetworkSpec): NetworkSpec {
  const more = (count: number) => Math.ceil((1.5 * count) / 16) * 16;
  const wider = (layer: Layer): Layer => {
    if (layer.type === 'conv') return { ...layer, filters: more(layer.filters) };
    if (layer.type === 'dense') return { ...layer, units: more(layer.units) };
    return layer.type === 'residual' ? { ...layer, body: layer.body.map(wider) } : layer;
  };
  return { layers: spec.layers.map(wider) };
}

/** RMSE with two digits, as scores are compared. */
const px = (value: number) => `${value.toFixed(2)} px`;

const percent = (share: number) => `${Math.round(100 * share)} %`;
