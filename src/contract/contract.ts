/** What a client may ask of the service that owns a workspace. Everything that crosses it is JSON. */
import { z } from 'zod';
import { augmentationContract } from './augmentation.ts';
import { changesContract } from './changes.ts';
import { checkpointsContract } from './checkpoints.ts';
import { doctorContract } from './doctor.ts';
import { procedure } from './errors.ts';
import { exportsContract } from './exports.ts';
import { imagesContract } from './images.ts';
import { importsContract, sampleContract } from './imports.ts';
import { labelsContract } from './labels.ts';
import { layersContract } from './layers.ts';
import { networkContract } from './network.ts';
import { queueContract } from './queue.ts';
import { predictionsContract } from './predictions.ts';
import { relabelContract } from './relabel.ts';
import { reviewContract } from './review.ts';
import { runRecordsContract } from './run-records.ts';
import { point, runReference, runsContract, within } from './runs.ts';
import { settingsContract } from './settings.ts';
import { submissionsContract } from './submissions.ts';
import { suspectsContract } from './suspects.ts';
import { workspaceContract } from './workspace.ts';
import { workspacesContract } from './workspaces.ts';

export const contract = {
  workspace: workspaceContract,
  workspaces: workspacesContract,
  images: imagesContract,
  labels: labelsContract,
  checkpoints: checkpointsContract,
  queue: queueContract,
  relabel: relabelContract,
  predictions: predictionsContract,
  review: reviewContract,
  suspects: suspectsContract,
  settings: settingsContract,
  changes: changesContract,
  imports: importsContract,
  sample: sampleContract,
  network: networkContract,
  augmentation: augmentationContract,
  layers: layersContract,
  runs: { ...runsContract, ...runRecordsContract },
  exports: exportsContract,
  submissions: submissionsContract,
  doctor: doctorContract,
  /** Finds the keypoints in picture files (PNG or JPEG, any size, colour or gray; EXIF orientation is honoured). */
  predict: procedure.input(z.object({ run: runReference, images: z.array(z.string().min(1)).min(1) })).output(
    z.object({
      runId: z.number().int(),
      keypoints: z.array(z.string()),
      images: z.array(
        z.object({
          file: z.string(),
          /** As the picture is shown: after EXIF orientation. */
          width: z.number().int(),
          height: z.number().int(),
          /** In the schema's order, in pixels of the picture. */
          points: z.array(point.extend({ within })),
        }),
      ),
    }),
  ),
};
