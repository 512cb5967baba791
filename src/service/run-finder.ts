/** Runs by what people call them. */
import type { RunReference } from '../contract/runs.ts';
import type { Run } from '../workspace/runs.ts';
import type { WorkspaceHolder } from './holder.ts';
import { conflict, notFound } from './problems.ts';

export class RunFinder {
  readonly #holder: WorkspaceHolder;

  constructor(holder: WorkspaceHolder) {
    this.#holder = holder;
  }

  /** The latest first. A run that nobody works on any more is not called running. */
  list(): Run[] {
    const { runs } = this.#holder.read();
    if (runs.list().some(({ status }) => status === 'running')) this.#holder.settle();
    return runs.list();
  }

  /** @throws NOT_FOUND */
  find(reference: RunReference): Run {
    const runs = this.list();
    const run = reference === 'latest' ? runs[0] : runs.find(({ id }) => id === reference);
    if (run) return run;
    throw reference === 'latest'
      ? notFound('There is no run yet.', { hint: 'Start one: fiducial train' })
      : notFound(`There is no run ${reference}.`, { hint: 'List them: fiducial runs' });
  }

  /** @throws NOT_FOUND, or CONFLICT when it has not finished */
  finished(reference: RunReference): Run {
    const run = this.find(reference);
    if (run.status === 'finished') return run;
    throw conflict(`Run ${run.id} has not finished: it is ${run.status}.`, {
      ...(run.status === 'running' ? {} : { hint: `Go on with it: fiducial resume ${run.id}` }),
    });
  }
}
