/**
 * How far a run is along its learning-rate schedule, and how a time limit changes that.
 *
 * Without a limit the steps of a run are fixed when it starts. With one, their number is what fits into the time left at
 * the pace measured, and is set anew every few steps: from where it is, the schedule's progress goes on in a straight
 * line to 1 over the steps that are left. So the learning rate never jumps, the schedule always runs to its end, and a
 * machine that slows down midway gets a shorter rest of the run rather than a cut-off one. The pace is part of every
 * checkpoint; a run with a limit is reproducible only as far as the machine's speed is.
 */
export interface Pace {
  readonly fromStep: number;
  /** Share of the schedule done at `fromStep`. */
  readonly fromProgress: number;
  readonly totalSteps: number;
}

export function fixedPace(totalSteps: number): Pace {
  return { fromStep: 0, fromProgress: 0, totalSteps };
}

/** Share of the schedule in the middle of a step. */
export function progressOf(pace: Pace, step: number): number {
  return progressAt(pace, step + 0.5);
}

/** The same progress at `step`, and all the rest within the steps that are left. */
export function refit(pace: Pace, step: number, stepsLeft: number): Pace {
  return {
    fromStep: step,
    fromProgress: progressAt(pace, step),
    totalSteps: step + Math.max(1, Math.floor(stepsLeft)),
  };
}

function progressAt({ fromStep, fromProgress, totalSteps }: Pace, step: number): number {
  return fromProgress + ((1 - fromProgress) * (step - fromStep)) / (totalSteps - fromStep);
}
