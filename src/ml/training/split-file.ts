/** The file in a run's folder that says which images it trains on and which validate it. */
export const splitFile = 'split.json';

/** That of the run which a run starts from. */
export const startSplitFile = 'start-split.json';

/** The arrays of a Split as lists. Positions count among `imageIds`. */
export interface SplitFile {
  readonly imageIds: readonly number[];
  readonly training: readonly number[];
  readonly validation: readonly number[];
  readonly groups: readonly number[];
}
