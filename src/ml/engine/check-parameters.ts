import type { Parameters } from './engine.ts';

/** @throws Error that names the first parameter which is unknown, missing or of another shape */
export function checkParameters(
  values: Parameters,
  expected: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): void {
  const unknown = [...values.keys()].find((name) => !expected.has(name));
  if (unknown !== undefined) throw new Error(`this network has no ${unknown}`);
  for (const [name, { shape }] of expected) {
    const found = values.get(name);
    if (found?.shape.join() !== shape.join())
      throw new Error(`${name} [${shape.join()}] is ${found ? `[${found.shape.join()}]` : 'missing'}`);
  }
}
