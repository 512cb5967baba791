/** What the export screen shows, as its address says: `shown=model&run=3`. */

const kinds = ['submission', 'labels', 'model', 'report'] as const;
export type Kind = (typeof kinds)[number];

export interface View {
  readonly shown: Kind;
  /** Undefined for the run that finished last. */
  readonly run: number | undefined;
  /** The submission that this one is compared with; undefined for the last one. */
  readonly against: number | undefined;
}

/** What the address does not name, or names wrongly, is as in a fresh screen. */
export function readView(query: URLSearchParams): View {
  return {
    shown: kinds.find((kind) => kind === query.get('shown')) ?? 'submission',
    run: whole(query.get('run')),
    against: whole(query.get('against')),
  };
}

export function writeView({ shown, run, against }: View): URLSearchParams {
  const query = new URLSearchParams();
  if (shown !== 'submission') query.set('shown', shown);
  if (run !== undefined) query.set('run', String(run));
  if (against !== undefined) query.set('against', String(against));
  return query;
}

const whole = (text: string | null) =>
  text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
