/** Engines by name. None is loaded before it is asked for. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { InputProblem } from '../../domain/problem.ts';
import type { Engine, EngineName } from './engine.ts';
import { installedVersion } from './tfjs/runtime.ts';

const loaders: Record<EngineName, () => Promise<Engine>> = {
  onnx: async () => (await import('./onnx/engine.ts')).loadOnnxEngine(),
  tfjs: async () => (await import('./tfjs/engine.ts')).loadTfjsEngine(),
  webgpu: async () => (await import('./onnx/engine.ts')).loadWebGpuEngine(),
};

export const engineNames = Object.keys(loaders) as EngineName[];

/** Engines whose files, and perhaps whose graphics card, are here, with their packages' versions; whether they load is another question. */
export function installedEngines(): { readonly name: EngineName; readonly version: string }[] {
  const require = createRequire(import.meta.url);
  const { version } = require('onnxruntime-node/package.json') as { version: string };
  const tfjs = installedVersion();
  return [
    { name: 'onnx', version },
    ...(tfjs === undefined ? [] : [{ name: 'tfjs', version: tfjs } as const]),
    ...(mayHaveGraphics() ? [{ name: 'webgpu', version } as const] : []),
  ];
}

/** On Linux a card, or a driver that stands for one, is a file; elsewhere there nearly always is one. */
function mayHaveGraphics(): boolean {
  if (process.platform !== 'linux' || process.env['VK_DRIVER_FILES']) return true;
  return ['/dev/dri', '/dev/nvidiactl'].some((path) => existsSync(path));
}

/**
 * @param name `auto` takes the first that loads
 * @throws InputProblem when the engine cannot be used here, with the reason
 */
export async function loadEngine(name: EngineName | 'auto'): Promise<Engine> {
  if (name !== 'auto' && !engineNames.includes(name))
    throw new InputProblem('unknown engine', {
      found: name,
      expected: `auto, ${engineNames.slice(0, -1).join(', ')} or ${engineNames.at(-1)!}`,
    });
  const problems: unknown[] = [];
  const candidates = name === 'auto' ? engineNames : [name];
  for (const candidate of candidates)
    try {
      return await loaders[candidate]();
    } catch (problem) {
      problems.push(problem);
    }
  const [problem] = problems;
  if (problem instanceof InputProblem) throw problem;
  const reason = problem instanceof Error ? problem.message : String(problem);
  throw new InputProblem(`the engine ${candidates[0]} does not load on this machine: ${reason}`, {
    hint: 'Run `fiducial doctor`.',
  });
}

/** For a network that is trained: the engine that trained it where it loads, else another one, which predicts the same. */
export function loadPredictingEngine(trainedBy: EngineName | 'auto'): Promise<Engine> {
  return loadEngine(trainedBy).catch(() => loadEngine('auto'));
}
