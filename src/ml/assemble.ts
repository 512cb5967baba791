/**
 * WebAssembly from its text. A module is made once in a process and given to its threads: V8 can end a process whose
 * threads compile code of their own and leave (nodejs/node#64500).
 */

/** Beyond the first version of WebAssembly. */
type Feature = 'simd' | 'threads' | 'multi_value';

export async function assemble(
  text: string,
  features: Partial<Record<Feature, boolean>>,
): Promise<WebAssembly.Module> {
  const { default: wabt } = await import('wabt');
  const module = (await wabt()).parseWat('kernels.wat', text, features);
  const { buffer } = module.toBinary({});
  module.destroy();
  return WebAssembly.compile(Uint8Array.from(buffer));
}
