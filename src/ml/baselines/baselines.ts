/** Validation RMSE in pixels of what needs no network, scored as `Evaluation.rmse` is. */
export interface Baselines {
  readonly meanShape: number;
  readonly nearestNeighbours: number;
  readonly pcaNearestNeighbours: number;
  readonly pcaRidge: number;
}
