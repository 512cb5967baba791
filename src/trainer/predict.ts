/** Where networks place keypoints on images of the workspace. */
import { join } from 'node:path';
import { replaceFile } from '../ml/training/checkpoint.ts';
import type { PredictImagesCommand, PredictImagesResult } from '../ml/training/messages.ts';
import { predictionsFile, type PredictionsFile } from '../ml/training/predictions.ts';
import { Workspace } from '../workspace/workspace.ts';
import type { Line } from './line.ts';
import { loadModel, type Model } from './model.ts';

/** Leaves what the model says of the images in the run's folder. @returns the file's name; null without images */
export async function writePredictions(
  model: Model,
  workspace: Workspace,
  images: readonly number[],
  runDirectory: string,
): Promise<string | null> {
  if (images.length === 0) return null;
  const placed = await model.place(workspace.images.iterate(images));
  const predictions: PredictionsFile = {
    images,
    points: placed.map(({ points }) => [...points]),
    spread: placed.map(({ spread }) => [...spread]),
  };
  replaceFile(join(runDirectory, predictionsFile), [Buffer.from(JSON.stringify(predictions))]);
  return predictionsFile;
}

/** Images that are placed and sent together. */
const imagesTogether = 256;

/** Places keypoints on images of the workspace, and sends them as they come. */
export async function runPredictImages(
  { workspace: directory, models, images }: PredictImagesCommand,
  line: Line,
): Promise<PredictImagesResult> {
  const workspace = Workspace.openReadOnly(directory);
  const model = await loadModel(models, workspace.schema);
  const outputs = 2 * workspace.schema.keypoints.length;
  for (let start = 0; start < images.length; start += imagesTogether) {
    const some = images.slice(start, start + imagesTogether);
    const points = new Float32Array(some.length * outputs);
    const spread = new Float32Array((some.length * outputs) / 2);
    const placed = await model.place(workspace.images.iterate(some));
    placed.forEach((own, i) => {
      points.set(own.points, i * outputs);
      spread.set(own.spread, (i * outputs) / 2);
    });
    line.send({ type: 'predictions', images: some, points, spread });
  }
  await model.dispose();
  workspace.close();
  return { command: 'predict-images', engine: model.engine.name };
}
