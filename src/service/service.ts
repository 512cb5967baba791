/**
 * The service that owns a workspace: the contract, implemented. The command line calls `client` in its own process;
 * the other hosts `connect` whatever carries messages: a WebSocket, a message port.
 */
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import { RPCHandler } from '@orpc/server/websocket';
import type { contract } from '../contract/contract.ts';
import type { Caller } from './caller.ts';
import { readable, systemUser } from './caller.ts';
import { CatalogueShelf } from './catalogue.ts';
import { ChangeFeed } from './changes.ts';
import type { StartChild } from './child.ts';
import { forkChild } from './child.ts';
import { Disputes } from './disputes.ts';
import { WorkspaceHolder } from './holder.ts';
import { Imports } from './importing.ts';
import { InspectorProcess } from './inspector.ts';
import type { Log } from './log.ts';
import { procedures } from './procedures.ts';
import { Queue } from './queue.ts';
import { exportRoutes, submissionRoutes } from './routes/exports.ts';
import { imageRoutes } from './routes/images.ts';
import { importRoutes, sampleRoutes } from './routes/imports.ts';
import { checkpointRoutes, labelRoutes, queueRoutes, relabelRoutes } from './routes/labels.ts';
import { layerRoutes } from './routes/layers.ts';
import { augmentationRoutes, networkRoutes } from './routes/network.ts';
import { reviewRoutes } from './routes/review.ts';
import { predictionRoutes, runRoutes } from './routes/runs.ts';
import { suspectRoutes } from './routes/suspects.ts';
import { settingRoutes, workspaceRoutes } from './routes/workspaces.ts';
import { RunFinder } from './run-finder.ts';
import { Selections } from './selections.ts';
import { Shapes } from './shapes.ts';
import { recoverRuns, Supervisor } from './supervisor.ts';
import { noting } from './unforeseen.ts';

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

/** What depends on where the service runs. */
export interface Host {
  /** How processes beside the service are started. */
  readonly startChild?: StartChild;
  /** Whether clients may open another workspace in place of this one. */
  readonly canOpen?: boolean;
  /** Where it is written down what has gone wrong. */
  readonly log?: Log;
  /** Told which run trains, whenever that changes. */
  readonly onTraining?: (run: number | undefined) => void;
}

/** Nothing is opened or loaded before a procedure needs it. */
export function openService(
  directory: string,
  { startChild = forkChild, canOpen = true, log, onTraining }: Host = {},
) {
  const holder = new WorkspaceHolder(directory, recoverRuns);
  const feed = new ChangeFeed();
  const supervisor = new Supervisor(holder, startChild, feed, onTraining);
  const inspector = new InspectorProcess(startChild);
  const imports = new Imports(holder, feed);
  const router = createRouter(holder, supervisor, feed, { startChild, canOpen, inspector, imports });
  const handler = new RPCHandler(router, { clientInterceptors: [(call) => noting(log, call)] });
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
    /** Cancels an import and stops trainings at a checkpoint, then closes the workspace. */
    async close(): Promise<void> {
      inspector.close();
      await imports.cancel();
      await supervisor.close();
      holder.close();
    },
  };
}

function createRouter(
  holder: WorkspaceHolder,
  supervisor: Supervisor,
  feed: ChangeFeed,
  {
    startChild,
    canOpen,
    inspector,
    imports,
  }: Required<Pick<Host, 'startChild' | 'canOpen'>> & { inspector: InspectorProcess; imports: Imports },
) {
  const shelf = new CatalogueShelf(holder);
  const disputes = new Disputes(holder);
  const shapes = new Shapes(holder, shelf, () => feed.tell('images'));
  const selections = new Selections(holder, shelf, disputes, shapes);
  const finder = new RunFinder(holder);

  return procedures.router({
    workspace: {
      info: procedures.workspace.info.handler(async () => {
        const { workspaceInfo } = await import('./workspace-info.ts');
        return workspaceInfo(holder.read(), shelf.current());
      }),
      outline: procedures.workspace.outline.handler(async () => {
        const { workspaceOutline } = await import('./workspace-info.ts');
        return workspaceOutline(holder.read());
      }),
    },
    workspaces: workspaceRoutes(holder, feed, canOpen),
    images: imageRoutes({ holder, shelf, selections, disputes, shapes }),
    labels: labelRoutes(holder, feed),
    checkpoints: checkpointRoutes(holder, feed),
    queue: queueRoutes(new Queue(selections)),
    relabel: relabelRoutes(holder, selections),
    review: reviewRoutes({ holder, shelf, finder, selections }),
    suspects: suspectRoutes({ holder, shelf, shapes, supervisor, finder, feed }),
    settings: settingRoutes,
    changes: procedures.changes.handler(({ context, signal }) => feed.watch(context, signal)),

    imports: importRoutes(imports),
    sample: sampleRoutes(imports),
    network: networkRoutes(holder, supervisor, startChild),
    augmentation: augmentationRoutes(holder),
    layers: layerRoutes(holder, finder, inspector),
    runs: runRoutes({ holder, supervisor, finder, feed, selections, startChild }),
    predictions: predictionRoutes(holder, supervisor, finder, { shelf, feed, selections, inspector }),
    predict: procedures.predict.handler(async ({ context, input, signal }) => {
      const images = input.images.map((path) => readable(context, path));
      const { predictPictures } = await import('./predict.ts');
      return predictPictures(holder.read(), inspector, finder.finished(input.run), images, signal);
    }),

    exports: exportRoutes(holder, finder, feed),
    submissions: submissionRoutes(holder, finder, feed),

    doctor: procedures.doctor.handler(async ({ signal }) => {
      const { examine } = await import('./doctor.ts');
      return examine(holder, startChild, signal);
    }),
  });
}
