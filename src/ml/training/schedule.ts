import type { Schedule } from '../../domain/recipe.ts';

/** The learning rate when the share `progress` (0..1) of the run's steps is done. */
export function learningRate(schedule: Schedule, progress: number): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.rate;
    case 'step':
      return schedule.rate * schedule.factor ** schedule.at.filter((share) => progress >= share).length;
    case 'cosine': {
      const { rate, warmUp, floor } = schedule;
      if (progress < warmUp) return rate * (progress / warmUp);
      const fallen = (progress - warmUp) / (1 - warmUp);
      return rate * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * fallen)));
    }
  }
}
