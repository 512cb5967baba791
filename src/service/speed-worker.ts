/** Finds out whether an engine works here and how quickly it trains: answers one SpeedOrder and ends. */
import type { EngineName } from '../ml/engine/engine.ts';
import { loadEngine } from '../ml/engine/engines.ts';
import type { Exercise } from '../ml/engine/speed.ts';
import { trainingSpeed } from '../ml/engine/speed.ts';
import { parent } from '../ml/training/parent.ts';

export interface SpeedOrder {
  readonly engine: EngineName;
  readonly exercise: Exercise;
  readonly seconds: number;
}

/** What is found: first whether it loads, then how quickly it trains. */
export interface EngineSpeed {
  readonly version: string | null;
  /** Why it cannot be used. */
  readonly problem: string | null;
  readonly imagesPerSecond: number | null;
  /** How it trains on this machine, where there is something to say. */
  readonly remark: string | null;
}

parent.listen((order) => void answer(order as SpeedOrder).then((found) => parent.leave(found, 0)));

async function answer({ engine: name, exercise, seconds }: SpeedOrder): Promise<EngineSpeed> {
  try {
    const engine = await loadEngine(name);
    const imagesPerSecond = await trainingSpeed(engine, exercise, seconds);
    const remark = (await engine.describe?.()) ?? null;
    return { version: engine.version, problem: null, imagesPerSecond, remark };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { version: null, problem, imagesPerSecond: null, remark: null };
  }
}
