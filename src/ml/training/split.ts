/**
 * Which images train and which validate. No group of pictures of one person or scene (alike.ts), and no group that the
 * data names, is on both sides, because the people of the test set are in no training image either.
 *
 * How the threshold of 0.7 was chosen: the likeness (cosine) of a test picture to its nearest training picture tells
 * how far off the people of a real test set are. For 3,320 training and 912 test pictures its 5, 25, 50, 75 and 95 %
 * quantiles are 0.59, 0.69, 0.77, 0.82 and 0.88. From validation to training they are, mean of two seeds, 0.61, 0.70,
 * 0.76, 0.80 and 0.85 at 0.7, but 0.64, 0.74, 0.79, 0.84 and 0.88 at 0.8 and 0.56, 0.64, 0.71, 0.76 and 0.83 at 0.5.
 * At 0.7 there are 1,050 groups, the largest of 90 pictures (scipy's average linkage gives the same).
 */
import { InputProblem } from '../../domain/problem.ts';
import { randomStream, shuffle } from '../../domain/random.ts';
import { groupAlike, likenessFeatures } from './alike.ts';
import type { SplitChoice } from './config.ts';
import { completeImages, type Dataset } from './dataset.ts';
import { streams } from './streams.ts';

export interface Split {
  /** Positions in the dataset, ascending. */
  readonly training: Int32Array;
  readonly validation: Int32Array;
  /** The group of each image of the dataset. */
  readonly groups: Int32Array;
}

/**
 * The first is the one that counts. Where pictures are so alike that it leaves no fair share for validation (drawn
 * faces, one camera), the next are tried; at the last, only groups that are known keep together.
 */
const thresholds = [0.7, 0.8, 0.9, 0.97, 1.1];

/** @throws InputProblem when the images are too few, or in too few groups, to hold any out. */
export function splitImages(dataset: Dataset, choice: SplitChoice): Split {
  const complete = completeImages(dataset.points, dataset.schema.keypoints.length);
  const features = likenessFeatures(dataset.pictures, complete.length, dataset.input);
  for (const threshold of thresholds) {
    const groups = groupAlike(features, dataset.together, threshold);
    const members = [...Map.groupBy(groups.keys(), (image) => groups[image]!).values()];
    // Groups in random order, so that neither side has more large ones.
    shuffle(members as unknown as number[], randomStream(choice.seed, streams.split));
    const held =
      'folds' in choice
        ? dealIntoFolds(members, complete, choice.folds)[choice.fold]!
        : holdOut(members, complete, choice.validation);
    const share = 'folds' in choice ? 1 / choice.folds : choice.validation;
    if (held.length < (2 / 3) * share * groups.length || held.length === groups.length) continue;
    const validating = new Set(held);
    const images = Int32Array.from(groups.keys());
    return {
      training: images.filter((image) => !validating.has(image)),
      validation: images.filter((image) => validating.has(image)),
      groups,
    };
  }
  throw new InputProblem('The labelled images cannot be split for validation.', {
    found: `${complete.length} images`,
    expected: 'several images of several people or scenes',
    hint: 'Label more images, or name fewer groups.',
  });
}

/** Groups until validation has its share of the images with all keypoints and of the others. */
function holdOut(members: number[][], complete: readonly boolean[], share: number): number[] {
  const whole = complete.filter(Boolean).length;
  const room = { whole: Math.ceil(share * whole), part: Math.ceil(share * (complete.length - whole)) };
  return members.flatMap((group) => {
    const groupWhole = group.filter((image) => complete[image]).length;
    const groupPart = group.length - groupWhole;
    if (groupWhole > room.whole || groupPart > room.part) return [];
    room.whole -= groupWhole;
    room.part -= groupPart;
    return group;
  });
}

/**
 * Deals images into folds, whole groups together.
 * @param groups the group of each image
 * @returns the fold of each image, counted from 0: some folds stay empty where there are fewer groups
 */
export function foldsOf({ points, schema }: Dataset, groups: ArrayLike<number>, folds: number): Int32Array {
  const complete = completeImages(points, schema.keypoints.length);
  const members = [...Map.groupBy(complete.keys(), (image) => groups[image]!).values()];
  const foldOf = new Int32Array(complete.length);
  dealIntoFolds(members, complete, folds).forEach((images, fold) => {
    for (const image of images) foldOf[image] = fold;
  });
  return foldOf;
}

/** Each group to the fold with the fewest images of the group's larger cohort. */
function dealIntoFolds(members: number[][], complete: readonly boolean[], folds: number): number[][] {
  const dealt = Array.from({ length: folds }, () => ({ images: [] as number[], whole: 0, part: 0 }));
  // The largest first, so that the small ones even the folds out.
  for (const group of members.toSorted((a, b) => b.length - a.length)) {
    const whole = group.filter((image) => complete[image]).length;
    const cohort = whole > group.length - whole ? 'whole' : 'part';
    const least = dealt.reduce((best, fold) => (fold[cohort] < best[cohort] ? fold : best));
    least.images.push(...group);
    least.whole += whole;
    least.part += group.length - whole;
  }
  return dealt.map(({ images }) => images);
}
