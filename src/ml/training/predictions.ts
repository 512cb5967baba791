/** The file of predictions that the training process leaves in a run's folder for the service to record. */
export const predictionsFile = 'predictions.json';

export interface PredictionsFile {
  /** Image ids of the workspace, in the order of `points`. */
  readonly images: readonly number[];
  /** x and y of every keypoint in the picture's own pixels, in schema order. */
  readonly points: readonly (readonly number[])[];
  /** How far apart the passes are that each place averages, likewise. */
  readonly spread: readonly (readonly number[])[];
}
