/** Engines by name. None is loaded before it is asked for. */
import { InputProblem } from '../../domain/problem.ts';
import type { Engine, EngineName } from './engine.ts';

const loaders: Record<EngineName, () => Promise<Engine>> = {
  onnx: async () => (await import('./onnx/engine.ts')).loadOnnxEngine(),
  tfjs: async () => (await import('./tfjs/engine.ts')).loadTfjsEngine(),
};

const engineNames = Object.keys(loaders) as EngineName[];

/** `version`, or why the engine cannot be used here. */
export type EngineReport = { readonly name: EngineName } & (
  { readonly found: true; readonly version: string } | { readonly found: false; readonly reason: string }
);

/**
 * @param name `auto` takes the first that loads
 * @throws InputProblem when the engine cannot be used here, with the reason
 */
export async function loadEngine(name: EngineName | 'auto'): Promise<Engine> {
  if (name !== 'auto' && !engineNames.includes(name))
    throw new InputProblem('unknown engine', { found: name, expected: `auto, ${engineNames.join(' or ')}` });
  const problems: unknown[] = [];
  for (const candidate of name === 'auto' ? engineNames : [name])
    try {
      return await loaders[candidate]();
    } catch (problem) {
      problems.push(problem);
    }
  if (problems[0] instanceof InputProblem) throw problems[0];
  throw new InputProblem(
    `the engine ${engineNames[0]} does not load on this machine: ${reasonOf(problems[0])}`,
    {
      hint: 'Run `fiducial doctor`.',
    },
  );
}

/** Tries every engine. */
export function findEngines(): Promise<EngineReport[]> {
  return Promise.all(
    engineNames.map(async (name): Promise<EngineReport> => {
      try {
        const { version } = await loaders[name]();
        return { name, found: true, version };
      } catch (problem) {
        return { name, found: false, reason: reasonOf(problem) };
      }
    }),
  );
}

function reasonOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
