/** What the screen shows, as its address says: `#/models?run=12&image=5&layer=conv1&channel=3&beside=11:start`. */

/** A network of a run: as it began, at a kept epoch, or at its best one. */
export interface NetworkChoice {
  readonly run: number;
  readonly at: 'start' | 'best' | number;
}

/** What is shown of a network; undefined where the screen is to choose. */
export interface Spot {
  readonly layer: string | undefined;
  readonly channel: number | undefined;
}

export interface ModelsPlace {
  readonly network: NetworkChoice | undefined;
  /** A second one, on the same face. */
  readonly beside: NetworkChoice | undefined;
  readonly image: number | undefined;
  readonly spot: Spot;
  readonly besideSpot: Spot;
  /** A keypoint's name: the occlusion map of that one lies over the face. */
  readonly hide: string | undefined;
}

export function readPlace(query: URLSearchParams): ModelsPlace {
  const run = whole(query.get('run'));
  return {
    network: run === undefined ? undefined : { run, at: atOf(query.get('at')) },
    beside: readChoice(query.get('beside') ?? ''),
    image: whole(query.get('image')),
    spot: { layer: query.get('layer') ?? undefined, channel: whole(query.get('channel')) },
    besideSpot: { layer: query.get('layer2') ?? undefined, channel: whole(query.get('channel2')) },
    hide: query.get('hide') ?? undefined,
  };
}

export function writePlace({
  network,
  beside,
  image,
  spot,
  besideSpot,
  hide,
}: Partial<ModelsPlace>): URLSearchParams {
  const entries = {
    run: network?.run,
    at: network?.at === 'best' ? undefined : network?.at,
    image,
    layer: spot?.layer,
    channel: spot?.channel,
    beside: beside && writeChoice(beside),
    layer2: beside && besideSpot?.layer,
    channel2: beside && besideSpot?.channel,
    hide,
  };
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) query.set(key, String(value));
  return query;
}

/** `12:best` */
const writeChoice = ({ run, at }: NetworkChoice): string => `${run}:${at}`;

function readChoice(text: string): NetworkChoice | undefined {
  const [run, at] = text.split(':');
  const id = whole(run ?? null);
  return id === undefined ? undefined : { run: id, at: atOf(at ?? null) };
}

function atOf(text: string | null): NetworkChoice['at'] {
  return text === 'start' ? 'start' : (whole(text) ?? 'best');
}

function whole(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}
