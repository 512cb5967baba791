/** Second name of every random stream of a run, after its seed. A new purpose takes a new number. */
export const streams = { order: 1, augmentation: 2, split: 3, initialisation: 4, baselines: 5 } as const;
