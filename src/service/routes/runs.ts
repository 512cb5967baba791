/** Trainings from their start to their end, and finished runs at work. */
import { goBackTo } from '../../ml/training/checkpoints.ts';
import type { Run } from '../../workspace/runs.ts';
import type { CatalogueShelf } from '../catalogue.ts';
import type { ChangeFeed } from '../changes.ts';
import type { WorkspaceHolder } from '../holder.ts';
import type { InspectorProcess } from '../inspector.ts';
import { conflict, explainingEach } from '../problems.ts';
import { procedures } from '../procedures.ts';
import type { RunFinder } from '../run-finder.ts';
import { unfinishedMembers } from '../run-models.ts';
import type { RunParts } from '../run-start.ts';
import { viewRun } from '../run-view.ts';
import type { Selections } from '../selections.ts';
import type { Supervisor } from '../supervisor.ts';
import { recordRoutes } from './run-records.ts';

export function runRoutes(parts: RunParts) {
  const { holder, supervisor, finder } = parts;
  /** As the database has it now. */
  const view = ({ id }: Run) => viewRun(holder.read(), holder.read().runs.get(id)!, supervisor.underway(id));
  const pausing = (paused: boolean) =>
    procedures.runs[paused ? 'pause' : 'goOn'].handler(({ input }) => {
      const run = finder.find(input.run);
      if (supervisor.underway(run.id)?.ahead !== null)
        throw conflict(`Run ${run.id} is not running here: it is ${run.status}.`);
      supervisor.pause(run.id, paused);
      return view(run);
    });

  return {
    ...recordRoutes(parts, view),
    start: procedures.runs.start.handler(async ({ context, input, signal }) => {
      const { createRun, planRun } = await import('../run-start.ts');
      const { createEnsemble, memberConfigs } = await import('../ensembles.ts');
      const { ensemble = 1, ...request } = input;
      const planned = await planRun(parts, context, request, signal);
      const workspace = holder.write();
      const configs = memberConfigs(planned.config, ensemble);
      const queued = configs.map((config) => createRun(workspace, { ...planned, config }));
      if (ensemble > 1) queued.push(createEnsemble(workspace, queued));
      for (const run of queued) supervisor.enqueue(run);
      return view(queued.at(-1)!);
    }),
    probe: procedures.runs.probe.handler(async ({ context, input, signal }) => {
      const { planRun } = await import('../run-start.ts');
      using _probing = holder.occupy('A probe');
      const { averagingSeconds, memberConfigs } = await import('../ensembles.ts');
      const { ensemble = 1, ...request } = input;
      const { config } = await planRun(parts, context, request, signal);
      const [member] = memberConfigs(config, ensemble);
      const { peakMemory: memoryBytes, ...cost } = await supervisor.probe(member!, signal);
      return {
        ...cost,
        seconds: ensemble * cost.seconds + averagingSeconds(ensemble),
        diskBytes: ensemble * cost.diskBytes,
        memoryBytes,
      };
    }),
    ensemble: procedures.runs.ensemble.handler(async ({ input }) => {
      const { createEnsemble } = await import('../ensembles.ts');
      const members = input.runs.map((reference) => finder.finished(reference));
      const run = createEnsemble(holder.write(), members);
      supervisor.enqueue(run);
      return view(run);
    }),
    resume: procedures.runs.resume.handler(({ input: { run: reference, epoch } }) => {
      const workspace = holder.write();
      const run = finder.find(reference);
      const waits = run.status === 'queued' && !supervisor.underway(run.id);
      if (run.status !== 'stopped' && run.status !== 'failed' && !waits)
        throw conflict(`Run ${run.id} cannot be resumed: it is ${run.status}.`);
      if (epoch !== undefined) goBackTo(workspace.runs.directoryOf(run), epoch);
      const members = unfinishedMembers(workspace, run).filter(({ id }) => !supervisor.underway(id));
      for (const next of [...members, run]) supervisor.enqueue(next);
      return view(run);
    }),
    pause: pausing(true),
    goOn: pausing(false),
    stop: procedures.runs.stop.handler(async ({ input }) => {
      const run = finder.find(input.run);
      if (!supervisor.underway(run.id))
        throw conflict(`Run ${run.id} is not running here: it is ${run.status}.`);
      // The last first: the end of one would let the next begin.
      for (const { id } of [...unfinishedMembers(holder.read(), run), run].reverse())
        await supervisor.stop(id);
      return view(run);
    }),
    watch: procedures.runs.watch.handler(({ input, signal }) =>
      explainingEach(supervisor.watch(finder.find(input.run).id, signal)),
    ),
  };
}

export function predictionRoutes(
  holder: WorkspaceHolder,
  supervisor: Supervisor,
  finder: RunFinder,
  {
    shelf,
    feed,
    selections,
    inspector,
  }: { shelf: CatalogueShelf; feed: ChangeFeed; selections: Selections; inspector: InspectorProcess },
) {
  return {
    make: procedures.predictions.make.handler(async ({ input, signal }) => {
      const { incomplete, makePredictions, withoutSpread } = await import('../predictions.ts');
      const run = finder.finished(input.run);
      const images = input.filter
        ? withoutSpread(await selections.matching(input.filter), run)
        : incomplete(holder.read(), shelf.current(), run);
      const parts = { holder, supervisor, images };
      return explainingEach(makePredictions(parts, run, signal, () => feed.tell('predictions')));
    }),
    live: procedures.predictions.live.handler(async ({ input: { run, pixels, ...size }, signal }) => {
      const { predictLive } = await import('../predict.ts');
      const picture = { ...size, pixels: Uint8Array.from(Buffer.from(pixels, 'base64')) };
      return await predictLive(holder.read(), inspector, finder.finished(run), picture, signal);
    }),
  };
}
