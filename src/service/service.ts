/**
 * The service that owns a workspace: the contract, implemented. The command line calls `client` in its own process;
 * the other hosts `connect` whatever carries messages: a WebSocket, a message port.
 */
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import { RPCHandler } from '@orpc/server/websocket';
import { join } from 'node:path';
import type { contract } from '../contract/contract.ts';
import type { RunReference } from '../contract/runs.ts';
import { curvesFile, readCurves } from '../ml/training/curves.ts';
import type { Run } from '../workspace/runs.ts';
import type { Caller } from './caller.ts';
import { readable, systemUser, writable } from './caller.ts';
import { CatalogueShelf } from './catalogue.ts';
import { ChangeFeed } from './changes.ts';
import type { StartChild } from './child.ts';
import { forkChild } from './child.ts';
import { Disputes } from './disputes.ts';
import { WorkspaceHolder } from './holder.ts';
import { conflict, explainingEach, notFound } from './problems.ts';
import { procedures } from './procedures.ts';
import { Queue } from './queue.ts';
import { imageRoutes } from './routes/images.ts';
import { checkpointRoutes, labelRoutes, queueRoutes } from './routes/labels.ts';
import { viewRun } from './run-view.ts';
import { Selections } from './selections.ts';
import { changeSetting, readSettings } from './settings.ts';
import { Shapes } from './shapes.ts';
import { isUnderWay, recoverRuns, Supervisor } from './supervisor.ts';

export type Client = ContractRouterClient<typeof contract>;
export type Service = ReturnType<typeof openService>;

/** What the contract's messages are made of. */
export type Message = string | ArrayBufferLike | Uint8Array;

/** A caller's connection, from the service's side. */
export interface Line {
  /** @throws when the message is none of the contract's */
  receive(message: string | ArrayBuffer): Promise<void>;
  /** Cancels what is under way. */
  close(): void;
}

/** Nothing is opened or loaded before a procedure needs it. */
export function openService(directory: string, startChild: StartChild = forkChild) {
  const holder = new WorkspaceHolder(directory, recoverRuns);
  const supervisor = new Supervisor(holder, startChild);
  const router = createRouter(holder, supervisor, startChild);
  const handler = new RPCHandler(router);
  /** For a caller in this process. */
  const clientOf = (caller: Caller): Client => createRouterClient(router, { context: caller });
  return {
    clientOf,
    client: clientOf({ user: systemUser(), client: 'in-process' }),
    holder,
    /** @param send takes the service's messages to the caller */
    connect(caller: Caller, send: (message: Message) => void): Line {
      const peer = { send } as WebSocket; // nothing but send is used of it
      return {
        async receive(message) {
          await handler.message(peer, message, { context: caller });
        },
        close: () => handler.close(peer),
      };
    },
    /** Resolves when no training is under way. */
    idle: () => supervisor.idle(),
    /** Stops trainings at a checkpoint, then closes the workspace. */
    async close(): Promise<void> {
      await supervisor.close();
      holder.close();
    },
  };
}

function createRouter(holder: WorkspaceHolder, supervisor: Supervisor, startChild: StartChild) {
  const shelf = new CatalogueShelf(holder);
  const feed = new ChangeFeed();
  const disputes = new Disputes(holder);
  const shapes = new Shapes(holder, shelf, () => feed.tell('images'));
  const selections = new Selections(holder, shelf, disputes, shapes);

  /** The latest first. A run that nobody works on any more is not called running. */
  const listRuns = (): Run[] => {
    const { runs } = holder.read();
    if (runs.list().some(({ status }) => isUnderWay(status))) holder.settle();
    return runs.list();
  };
  const findRun = (reference: RunReference): Run => {
    const runs = listRuns();
    const run = reference === 'latest' ? runs[0] : runs.find(({ id }) => id === reference);
    if (run) return run;
    throw reference === 'latest'
      ? notFound('There is no run yet.', { hint: 'Start one: fiducial train' })
      : notFound(`There is no run ${reference}.`, { hint: 'List them: fiducial runs' });
  };
  const finishedRun = (reference: RunReference): Run => {
    const run = findRun(reference);
    if (run.status === 'finished') return run;
    throw conflict(`Run ${run.id} has not finished: it is ${run.status}.`, {
      ...(run.status === 'running' ? {} : { hint: `Go on with it: fiducial resume ${run.id}` }),
    });
  };
  /** As the database has it now. */
  const view = ({ id }: Run) => viewRun(holder.read(), holder.read().runs.get(id)!);

  return procedures.router({
    workspace: {
      info: procedures.workspace.info.handler(async () => {
        const { workspaceInfo } = await import('./workspace-info.ts');
        return workspaceInfo(holder.read(), shelf.current());
      }),
    },
    images: imageRoutes({ holder, shelf, selections, disputes, shapes }),
    labels: labelRoutes(holder, feed),
    checkpoints: checkpointRoutes(holder, feed),
    queue: queueRoutes(new Queue(selections)),
    settings: {
      all: procedures.settings.all.handler(({ context }) => readSettings(context.user)),
      set: procedures.settings.set.handler(({ input, context }) =>
        changeSetting(context.user, input.key, input.value),
      ),
    },
    changes: procedures.changes.handler(({ context, signal }) => feed.watch(context, signal)),

    imports: {
      run: procedures.imports.run.handler(async ({ context, input, signal }) => {
        const path = readable(context, input.path);
        const { importEvents } = await import('./import-events.ts');
        return explainingEach(
          importEvents(holder, path, input.groupColumn, signal, () => feed.tell('images')),
        );
      }),
    },

    sample: {
      write: procedures.sample.write.handler(async ({ context, input }) => {
        const { writeSample } = await import('./exports.ts');
        return writeSample(writable(context, input.out), input.seed);
      }),
    },

    runs: {
      start: procedures.runs.start.handler(async ({ context, input }) => {
        const [spec, recipe] = [input.spec, input.recipe].map((path) => path && readable(context, path));
        const { runConfig } = await import('./run-config.ts');
        const workspace = holder.write();
        const { id: snapshotId } = workspace.snapshots.take();
        const config = runConfig({ ...input, spec, recipe }, snapshotId);
        const { lineage } = await import('./lineage.ts');
        const { engine, preset, seed } = config;
        const run = workspace.runs.create({ engine, preset, seed, snapshotId, config, lineage: lineage() });
        supervisor.start(run, false);
        return view(run);
      }),
      resume: procedures.runs.resume.handler(({ input }) => {
        holder.write();
        const run = findRun(input.run);
        if (run.status !== 'stopped' && run.status !== 'failed')
          throw conflict(`Run ${run.id} cannot be resumed: it is ${run.status}.`);
        supervisor.start(run, true);
        return view(run);
      }),
      stop: procedures.runs.stop.handler(async ({ input }) => {
        const run = findRun(input.run);
        if (!supervisor.isRunning(run.id))
          throw conflict(`Run ${run.id} is not running here: it is ${run.status}.`);
        await supervisor.stop(run.id);
        return view(run);
      }),
      list: procedures.runs.list.handler(() => listRuns().map((run) => viewRun(holder.read(), run))),
      get: procedures.runs.get.handler(({ input }) => {
        const run = findRun(input.run);
        const seen = view(run);
        return { ...seen, curve: readCurves(join(seen.directory, curvesFile)), config: run.config };
      }),
      watch: procedures.runs.watch.handler(({ input, signal }) =>
        explainingEach(supervisor.watch(findRun(input.run).id, signal)),
      ),
      evaluate: procedures.runs.evaluate.handler(async ({ input, signal }) => {
        const workspace = holder.write();
        const run = finishedRun(input.run);
        const { validation, baselines } = await supervisor.evaluate(run, signal);
        workspace.runs.update(run.id, { metrics: { ...(run.metrics as object), validation, baselines } });
        return view(run);
      }),
    },

    predict: procedures.predict.handler(async ({ context, input, signal }) => {
      const images = input.images.map((path) => readable(context, path));
      const { predictPictures } = await import('./predict.ts');
      return predictPictures(holder.read(), supervisor, finishedRun(input.run), images, signal);
    }),

    exports: {
      submission: procedures.exports.submission.handler(async ({ context, input }) => {
        const { exportSubmission } = await import('./exports.ts');
        return exportSubmission(holder.write(), finishedRun(input.run), writable(context, input.out));
      }),
      trainingCsv: procedures.exports.trainingCsv.handler(async ({ context, input }) => {
        const { exportLabels } = await import('./exports.ts');
        return exportLabels(holder.read(), writable(context, input.out));
      }),
      model: procedures.exports.model.handler(async ({ context, input }) => {
        const { exportModel } = await import('./export-model.ts');
        return exportModel(holder.read(), finishedRun(input.run), writable(context, input.out));
      }),
    },

    doctor: procedures.doctor.handler(async ({ signal }) => {
      const { examine } = await import('./doctor.ts');
      return examine(holder.directory, startChild, signal);
    }),
  });
}
