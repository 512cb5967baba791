/** What the engines' common tests run on. */
import { describe, test } from 'vitest';
import type { Engine } from '../../../src/ml/engine/engine.ts';
import { loadEngine } from '../../../src/ml/engine/engines.ts';
import { referenceEngine } from './reference.ts';

export type TestedEngine = Pick<Engine, 'createTrainer' | 'createPredictor'>;

const found = new Map<string, TestedEngine | Error>();
for (const name of ['onnx', 'tfjs'] as const)
  found.set(name, await loadEngine(name).catch((error: Error) => error));

/** Describes tests for every engine. One that does not load here is one skipped test, whose name says why. */
export function onEveryEngine(tests: (engine: TestedEngine) => void): void {
  for (const [name, engine] of found)
    if (engine instanceof Error) test.skip(`engine ${name}: ${engine.message}`);
    else describe(`engine ${name}`, () => tests(engine));
}

/** The same, and for the slow reference. */
export function onEveryEngineAndReference(tests: (engine: TestedEngine) => void): void {
  onEveryEngine(tests);
  describe('the reference', () => tests(referenceEngine));
}
