/** Second name of the random streams of training, after the run's seed. A new purpose takes a new number. */
export const streams = { order: 1, augmentation: 2, split: 3, baselines: 4 } as const;
