/** What the samples screen shows, as its address says: `seed=3&only=mirror&image=5&epoch=2&rotation=30&…`. */
import {
  type Augmentation,
  type AugmentationChange,
  augmentationChanges,
  noAugmentation,
} from '../../domain/recipe.ts';

export interface View {
  /** Of everything that is drawn, as a run's; undefined for that of the run to be started. */
  readonly seed: number | undefined;
  /** Whether other strengths keep the seed, so that only their effect is seen. */
  readonly frozen: boolean;
  /** One change alone. */
  readonly only: AugmentationChange | undefined;
  /** The sample that is looked at step by step; epoch 0 is the image as it is. */
  readonly image: number | undefined;
  readonly epoch: number;
  readonly shown: 'samples' | 'proof';
  /** Undefined as long as nobody has changed a strength. */
  readonly augmentation: Augmentation | undefined;
}

const whole = (text: string | null) => (text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined);

/** What the address does not name, or names wrongly, is as in a fresh screen. */
export function readView(query: URLSearchParams): View {
  return {
    seed: whole(query.get('seed')),
    frozen: query.get('frozen') !== 'no',
    only: augmentationChanges.find((change) => change === query.get('only')),
    image: whole(query.get('image')),
    epoch: whole(query.get('epoch')) ?? 1,
    shown: query.get('shown') === 'proof' ? 'proof' : 'samples',
    augmentation: readAugmentation(query),
  };
}

export function writeView({ seed, frozen, only, image, epoch, shown, augmentation }: View): URLSearchParams {
  const query = new URLSearchParams();
  if (shown !== 'samples') query.set('shown', shown);
  if (image !== undefined) query.set('image', String(image));
  if (image !== undefined && epoch !== 1) query.set('epoch', String(epoch));
  if (seed !== undefined) query.set('seed', String(seed));
  if (!frozen) query.set('frozen', 'no');
  if (only !== undefined) query.set('only', only);
  if (augmentation) for (const change of augmentationChanges) query.set(change, String(augmentation[change]));
  return query;
}

/** What is not named is off; undefined where none is. */
function readAugmentation(query: URLSearchParams): Augmentation | undefined {
  const named = augmentationChanges.flatMap((change) => {
    const text = query.get(change);
    const strength = Number(text || NaN);
    return strength >= 0 && Number.isFinite(strength) ? [[change, strength] as const] : [];
  });
  return named.length === 0 ? undefined : { ...noAugmentation, ...Object.fromEntries(named) };
}
