/** How good predictions are, as the competition would score them and in what detail a person asks for. Pixels throughout. */

export interface Evaluation {
  /**
   * The figure comparable with the competition's score: squared errors pooled over every value, the two cohorts
   * weighted as the lookup table asks for them. Without a lookup table it equals `pooled`.
   */
  readonly rmse: number;
  /** 95 % bootstrap interval of `rmse`, resampling whole groups (people). */
  readonly interval: { readonly low: number; readonly high: number };
  /** Pooled over the validation images as they are. */
  readonly pooled: number;
  /** Mean over groups of each group's own RMSE: a person with many pictures counts once. */
  readonly meanOverGroups: number;
  readonly perKeypoint: Readonly<Record<string, number | null>>;
  readonly cohorts: { readonly complete: Cohort; readonly partial: Cohort };
  /** Share of keypoints more than 5 px off. */
  readonly failureRate: number;
  /** Share of keypoints at most `pixels` off. */
  readonly cumulative: readonly { readonly pixels: number; readonly share: number }[];
  readonly mirrored: boolean;
}

/** Images with every keypoint labelled (`complete`) or with some missing (`partial`). */
export interface Cohort {
  readonly images: number;
  /** Null when no image is in the cohort. */
  readonly rmse: number | null;
}
