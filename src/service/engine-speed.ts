/** Which engines work here and how quickly they train, asked of processes of their own; and which one `auto` is. */
import { createHash } from 'node:crypto';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import type { EngineName } from '../ml/engine/engine.ts';
import { engineNames, installedEngines } from '../ml/engine/engines.ts';
import type { Exercise } from '../ml/engine/speed.ts';
import type { RunConfig } from '../ml/training/config.ts';
import { networkInput } from '../ml/training/fit.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { StartChild } from './child.ts';
import { programs } from './child.ts';
import type { EngineSpeed, SpeedOrder } from './speed-worker.ts';

/** Under this key the workspace keeps a KeptSpeeds. */
const settingKey = 'engine-speeds';
/** Of training, after the first step, for each engine that `auto` chooses from. */
const probeSeconds = 1.5;

/** Measured once for each network on this machine with these versions. */
interface KeptSpeeds {
  readonly machine: string;
  readonly networks: Readonly<Record<string, NetworkSpeeds>>;
}

export interface NetworkSpeeds {
  /** The preset's name, or `custom`. */
  readonly network: string;
  readonly imagesPerSecond: Readonly<Record<string, number>>;
}

/** An engine that crashes is a finding, and no training library is loaded in this process. */
export function measureEngine(
  startChild: StartChild,
  order: SpeedOrder,
  signal?: AbortSignal,
): Promise<EngineSpeed> {
  return new Promise((resolve) => {
    let found: EngineSpeed | undefined;
    const child = startChild(programs.speed, null, {
      message: (message) => (found = message as EngineSpeed),
      end(how) {
        signal?.removeEventListener('abort', kill);
        resolve(
          found ?? { version: null, problem: `It crashed: ${how}.`, imagesPerSecond: null, remark: null },
        );
      },
    });
    const kill = () => child.kill();
    signal?.addEventListener('abort', kill);
    child.send(order);
  });
}

/**
 * Puts the engine that trains the run's network fastest in the place of `auto`. Where there are several, each trains it
 * for a moment, once for each network, machine and version: the workspace keeps what was measured. One that failed may
 * work the next time, and is asked again. A time limit counts that moment.
 */
export async function withEngine(
  config: RunConfig,
  workspace: Workspace,
  startChild: StartChild,
  signal?: AbortSignal,
): Promise<RunConfig> {
  if (config.engine !== 'auto') return config;
  const engines = installedEngines().map(({ name }) => name);
  if (engines.length === 1) return { ...config, engine: engines[0]! };
  const began = performance.now();
  const { speeds } = await speedsOf(engines, config, workspace, startChild, signal);
  const spent = (performance.now() - began) / 1000;
  const { timeLimit } = config;
  return {
    ...config,
    engine: fastestOf(speeds) ?? 'auto',
    ...(timeLimit === undefined ? {} : { timeLimit: Math.max(1, timeLimit - spent) }),
  };
}

/** What is trained, as far as it makes a difference to how quickly. */
type Trained = Pick<RunConfig, 'preset' | 'spec' | 'recipe'>;

/** Each engine with how quickly it trains a network here. @param startChild where what is not known yet is to be measured */
export async function engineSpeeds(
  trained: Trained,
  workspace: Workspace,
  startChild?: StartChild,
  signal?: AbortSignal,
) {
  const installed = installedEngines();
  const asked = startChild ? installed.map(({ name }) => name) : [];
  const { speeds, problems } = await speedsOf(asked, trained, workspace, startChild, signal);
  return engineNames.map((name) => ({
    name,
    version: installed.find((engine) => engine.name === name)?.version ?? null,
    imagesPerSecond: speeds[name] ?? null,
    problem: problems[name] ?? null,
  }));
}

/** What is known already, and of the engines asked for what is not: each trains the network for a moment, which the workspace keeps. */
async function speedsOf(
  asked: readonly EngineName[],
  trained: Trained,
  workspace: Workspace,
  startChild: StartChild | undefined,
  signal: AbortSignal | undefined,
) {
  const exercise = exerciseOf(trained, workspace);
  const key = createHash('sha256').update(JSON.stringify(exercise)).digest('hex').slice(0, 16);
  const kept = keptSpeeds(workspace);
  const speeds: Record<string, number> = { ...kept[key]?.imagesPerSecond };
  const problems: Partial<Record<EngineName, string>> = {};
  const unknown = asked.filter((engine) => !(engine in speeds));
  for (const engine of unknown) {
    const order = { engine, exercise, seconds: probeSeconds };
    const { imagesPerSecond, problem } = await measureEngine(startChild!, order, signal);
    signal?.throwIfAborted();
    if (imagesPerSecond !== null) speeds[engine] = imagesPerSecond;
    else if (problem !== null) problems[engine] = problem;
  }
  if (unknown.some((engine) => engine in speeds)) {
    const networks = { ...kept, [key]: { network: trained.preset, imagesPerSecond: speeds } };
    workspace.settings.set(settingKey, { machine: thisMachine(), networks } satisfies KeptSpeeds);
  }
  return { speeds, problems };
}

function exerciseOf({ spec, recipe }: Trained, workspace: Workspace): Exercise {
  return {
    spec,
    input: networkInput,
    outputs: 2 * workspace.schema.keypoints.length,
    batchSize: recipe.batchSize,
    optimizer: recipe.optimizer,
    loss: { kind: 'mse' },
  };
}

/** What has been measured for `auto` on this machine, with the engines that are here now, by network. */
export function keptSpeeds(workspace: Workspace): Readonly<Record<string, NetworkSpeeds>> {
  const kept = workspace.settings.get(settingKey) as KeptSpeeds | undefined;
  return kept?.machine === thisMachine() ? kept.networks : {};
}

export function fastestOf(imagesPerSecond: Readonly<Record<string, number>>): EngineName | undefined {
  const [fastest] = Object.entries(imagesPerSecond).sort(([, one], [, other]) => other - one);
  return fastest?.[0] as EngineName | undefined;
}

function thisMachine(): string {
  const engines = installedEngines().map(({ name, version }) => `${name} ${version}`);
  return [cpus()[0]?.model, `${availableParallelism()} cores`, platform(), arch(), ...engines].join(', ');
}
