import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { InputProblem } from '../../../src/domain/problem.ts';
import { readCheckpoint, writeCheckpoint } from '../../../src/ml/training/checkpoint.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-checkpoint-'));
const file = join(folder, 'last.safetensors');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const tensors = new Map([
  ['a/weight', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, NaN, Infinity, 1e-40) }],
  ['a/bias', { shape: [1], data: Float32Array.of(0.1) }],
]);

test('a checkpoint comes back to the bit', () => {
  writeCheckpoint(file, { meta: { step: 7, seconds: 0.1 }, tensors });
  expect(readCheckpoint(file)).toEqual({ meta: { step: 7, seconds: 0.1 }, tensors });
});

test('it is a safetensors file: length, JSON header, bytes at the offsets named', () => {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, unknown>;
  expect(header['a/bias']).toEqual({ dtype: 'F32', shape: [1], data_offsets: [24, 28] });
  expect(bytes.readFloatLE(8 + length + 24)).toBeCloseTo(0.1);
});

test('a new checkpoint takes the place of the old one and leaves nothing beside it', () => {
  writeCheckpoint(file, { meta: { step: 8 }, tensors });
  expect(readCheckpoint<{ step: number }>(file).meta.step).toBe(8);
  expect(readdirSync(folder)).toEqual(['last.safetensors']);
});

test('what a kill left half written is not read', () => {
  writeFileSync(`${file}.new`, 'half');
  expect(readCheckpoint<{ step: number }>(file).meta.step).toBe(8);
});

test('a checkpoint that is cut off is named as damaged', () => {
  truncateSync(file, 150);
  expect(() => readCheckpoint(file)).toThrow(InputProblem);
  expect(() => readCheckpoint(join(folder, 'none'))).toThrow(/none/);
});
