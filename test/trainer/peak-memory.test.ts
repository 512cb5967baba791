import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { peakMemory } from '../../src/trainer/peak-memory.ts';

test('a process has its own peak, not that of the one which started it', () => {
  const ballast = Buffer.alloc(300e6, 1);
  const file = resolve(import.meta.dirname, '../../src/trainer/peak-memory.ts');
  const script = `import { peakMemory } from ${JSON.stringify(file)}; console.log(peakMemory());`;
  const ofChild = Number(execFileSync(process.execPath, ['--input-type=module', '-e', script]));
  expect(peakMemory()).toBeGreaterThan(ballast.length);
  expect(ofChild).toBeGreaterThan(20e6);
  expect(ofChild).toBeLessThan(ballast.length);
});
