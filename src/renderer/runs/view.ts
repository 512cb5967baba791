/** Which runs are shown and how, as the address says: `network=default&tag=base&sort=rmse&run=5&marked=5,7`. */
import type { RunView } from '../../contract/runs.ts';

export const statuses = ['queued', 'running', 'stopped', 'finished', 'failed'] as const;

/** Columns that runs can be put in order by, with which end comes first. */
export const sorts = {
  run: { title: 'Run', value: (run: RunView) => run.runId, highFirst: true },
  status: { title: 'Status', value: (run: RunView) => statuses.indexOf(run.status), highFirst: false },
  network: { title: 'Network', value: (run: RunView) => run.network, highFirst: false },
  rmse: { title: 'RMSE, px', value: (run: RunView) => run.validation?.rmse, highFirst: false },
  epochs: { title: 'Epochs', value: (run: RunView) => run.epochs, highFirst: true },
  seconds: { title: 'Time', value: (run: RunView) => run.seconds, highFirst: true },
  parameters: {
    title: 'Parameters',
    value: (run: RunView) => run.parameters ?? undefined,
    highFirst: true,
  },
} as const;
export type Sort = keyof typeof sorts;

export interface View {
  readonly status: RunView['status'] | undefined;
  readonly network: string | undefined;
  readonly tag: string | undefined;
  /** Whether the runs that were put aside are shown, instead of the others. */
  readonly archived: boolean;
  readonly text: string;
  readonly sort: Sort;
  readonly reversed: boolean;
  /** The run that is looked at. */
  readonly run: number | undefined;
  /** Runs to be compared or averaged, in the order in which they were marked: the first is the one compared with. */
  readonly marked: readonly number[];
  readonly shown: 'table' | 'comparison';
}

const number = (text: string) => (/^\d{1,9}$/.test(text) ? [Number(text)] : []);

/** What the address does not name, or names wrongly, is as in a fresh screen. */
export function readView(query: URLSearchParams): View {
  const text = (name: string) => query.get(name) || undefined;
  return {
    status: statuses.find((status) => status === query.get('status')),
    network: text('network'),
    tag: text('tag'),
    archived: query.get('archived') === 'yes',
    text: query.get('text') ?? '',
    sort: (Object.keys(sorts) as Sort[]).find((sort) => sort === query.get('sort')) ?? 'run',
    reversed: query.get('reversed') === 'yes',
    run: number(query.get('run') ?? '')[0],
    marked: [...new Set((query.get('marked') ?? '').split(',').flatMap(number))],
    shown: query.get('shown') === 'comparison' ? 'comparison' : 'table',
  };
}

export function writeView(view: View): URLSearchParams {
  const query = new URLSearchParams();
  const set = (name: keyof View, value: string | number | undefined) => {
    if (value !== undefined && value !== '') query.set(name, String(value));
  };
  set('shown', view.shown === 'table' ? undefined : view.shown);
  for (const name of ['status', 'network', 'tag', 'text'] as const) set(name, view[name]);
  for (const name of ['archived', 'reversed'] as const) set(name, view[name] ? 'yes' : undefined);
  set('sort', view.sort === 'run' ? undefined : view.sort);
  set('run', view.run);
  set('marked', view.marked.join(','));
  return query;
}

/** The runs that the view asks for, in its order; those without a value are last, whichever way it goes. */
export function selectRuns(runs: readonly RunView[], view: View): RunView[] {
  const { value, highFirst } = sorts[view.sort];
  const sign = highFirst === view.reversed ? -1 : 1;
  return runs
    .filter((run) => isShown(run, view))
    .sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x === y) return b.runId - a.runId;
      if (x === undefined) return 1;
      if (y === undefined) return -1;
      return x < y ? sign : -sign;
    });
}

function isShown(run: RunView, { status, network, tag, archived, text }: View): boolean {
  return (
    (status === undefined || run.status === status) &&
    (network === undefined || run.network === network) &&
    (tag === undefined || run.tags.includes(tag)) &&
    run.archived === archived &&
    matches(run, text)
  );
}

/** Every word of the text is somewhere in what people see of the run. */
function matches({ runId, network, engine, note, tags, error, status }: RunView, text: string): boolean {
  const said = [`run ${runId}`, network, engine, note, ...tags, error ?? '', status].join('\n').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}
