/** What needs no network: every run is set beside it. */
import type { Points } from '../../domain/points.ts';
import { normalise } from '../augment/normalise.ts';
import { comparableRmse, type Trial } from '../evaluation/evaluation.ts';
import { type Dataset, pointsOfImages } from '../training/dataset.ts';
import { blockMeans, blockMeansOf, standardiseRows } from '../training/features.ts';
import type { Split } from '../training/split.ts';
import { streams } from '../training/streams.ts';
import { meanShape } from '../training/targets.ts';
import { averageOf, nearestRows, type Rows } from './neighbours.ts';
import { type Pca, principalComponents, project } from './pca.ts';
import { fitRidge } from './ridge.ts';

/** Validation RMSE in pixels of each baseline, on the same images and scored in the same way as `Evaluation.rmse`. */
export type Baselines = Readonly<Record<BaselineName, number>>;
type BaselineName = 'meanShape' | 'nearestNeighbours' | 'pcaNearestNeighbours' | 'pcaRidge';

/** Predictions of each baseline for the validation images, [images, keypoints, 2]. */
export type BaselinePredictions = Readonly<Record<BaselineName, Points>>;

const neighbours = 5;
export const components = 150;
/** Side of the block means that principal components are taken of: 150 components keep no more detail than that. */
const pcaSide = 24;
/** Sides of the block means that bound distances between raw pictures. */
const boundSides = [8, 24];
/** Pictures have length 1, so a component's variance is around 1 / images; of 0.1 to 30 this does best on real faces. */
export const penalty = 1;
/** Pictures that are in memory at once. */
const together = 2048;
/** Training pictures that principal components are taken of, evenly chosen: more change nothing. */
const mostAnalysed = 8192;

/** Fits every baseline on the training images and predicts the validation images. Pictures are standardised one by one. */
export function predictBaselines(dataset: Dataset, split: Split): BaselinePredictions {
  const { input, schema } = dataset;
  const outputs = 2 * schema.keypoints.length;
  const known = pointsOfImages(dataset, split.training);
  const mean = meanShape(dataset.points, split.training, schema.keypoints.length, input);
  const asked = split.validation.length;

  const alongPca = picturesAlongPca(dataset, split.training);
  const projected = alongPca(split.training);
  const projectedAsked = alongPca(split.validation);
  const nearest = [...partsOf(split.validation)].flatMap((part) =>
    nearestRows(rawParts(dataset, split.training), rawRows(dataset, part), neighbours),
  );
  const ridge = fitRidge(projected, components, known, outputs, penalty);

  return {
    meanShape: Float32Array.from({ length: asked * outputs }, (_, i) => mean[i % outputs]!),
    nearestNeighbours: averageOf(nearest, known, mean),
    pcaNearestNeighbours: averageOf(
      nearestRows([vectorRows(projected, components)], vectorRows(projectedAsked, components), neighbours),
      known,
      mean,
    ),
    pcaRidge: ridge(projectedAsked).map((value, i) => (Number.isNaN(value) ? mean[i % outputs]! : value)),
  };
}

/** @param trial the network's trial without suspects: its images and truth are what baselines are scored on. */
export function scoreBaselines(
  dataset: Dataset,
  predictions: BaselinePredictions,
  split: Split,
  trial: Trial,
): Baselines {
  const rowOf = new Map(Array.from(split.validation, (image, row) => [image, row]));
  const outputs = 2 * dataset.schema.keypoints.length;
  const score = (points: Points) => {
    const predicted = new Float32Array(trial.truth.length);
    trial.images.forEach((image, to) => {
      const row = rowOf.get(image)!;
      predicted.set(points.subarray(row * outputs, (row + 1) * outputs), to * outputs);
    });
    return comparableRmse(dataset, { ...trial, predicted });
  };
  return {
    meanShape: score(predictions.meanShape),
    nearestNeighbours: score(predictions.nearestNeighbours),
    pcaNearestNeighbours: score(predictions.pcaNearestNeighbours),
    pcaRidge: score(predictions.pcaRidge),
  };
}

/**
 * Pictures pixel by pixel, each brought to mean 128 and standard deviation 40 and kept as bytes. The coarse views are
 * projections on blocks (scaled by the least block's area).
 */
function rawRows({ pictures, input }: Dataset, images: Int32Array): Rows {
  const { width, height } = input;
  const length = width * height;
  const values = new Uint8ClampedArray(images.length * length);
  const picture = new Float32Array(length);
  images.forEach((image, row) => {
    picture.set(pictures.read(image));
    normalise(picture, 'standardise');
    values.set(
      picture.map((value) => 128 + 40 * value),
      row * length,
    );
  });
  const coarse = boundSides.map((most) => {
    const side = Math.min(most, width, height);
    const scale = Math.sqrt(Math.floor(width / side) * Math.floor(height / side));
    return { values: blockMeans(values, input, side).map((mean) => mean * scale), length: side ** 2 };
  });
  return { values, length, coarse };
}

function* rawParts(dataset: Dataset, images: Int32Array): Generator<Rows> {
  for (const part of partsOf(images)) yield rawRows(dataset, part);
}

/** Standardised block means, [images, pcaSide * pcaSide]. */
function coarsePictures({ pictures, input }: Dataset, images: Int32Array): Float32Array {
  return standardiseRows(blockMeansOf(pictures, images, input, pcaSide), pcaSide ** 2);
}

/** Principal components of pictures: nothing of it knows labels. @returns a function from images to [images, components] */
export function picturesAlongPca(dataset: Dataset, images: Int32Array): (images: Int32Array) => Float32Array {
  const analysed = coarsePictures(dataset, evenly(images, mostAnalysed));
  const pca = principalComponents(analysed, pcaSide ** 2, components, streams.baselines);
  return (asked) => projectedPictures(dataset, asked, pca);
}

/** [images, components] */
function projectedPictures(dataset: Dataset, images: Int32Array, pca: Pca): Float32Array {
  const rows = new Float32Array(images.length * components);
  let row = 0;
  for (const part of partsOf(images)) {
    rows.set(project(coarsePictures(dataset, part), pca), row * components);
    row += part.length;
  }
  return rows;
}

function* partsOf(images: Int32Array): Generator<Int32Array> {
  for (let first = 0; first < images.length; first += together)
    yield images.subarray(first, first + together);
}

function evenly(images: Int32Array, most: number): Int32Array {
  if (images.length <= most) return images;
  return Int32Array.from({ length: most }, (_, i) => images[Math.floor((i * images.length) / most)]!);
}

function vectorRows(values: Float32Array, length: number): Rows {
  return { values, length, coarse: [] };
}
