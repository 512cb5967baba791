/** Which screen is shown and how, as the page's address says: `#/dataset?state=missing`. Back, forward and reload keep it. */

const screens = [
  'home',
  'dataset',
  'label',
  'samples',
  'train',
  'runs',
  'models',
  'review',
  'export',
] as const;
export type Screen = (typeof screens)[number];

/** What a screen shows where nobody says: labels are wanted for the images to train on. */
const usual: Record<Screen, string> = {
  home: '',
  dataset: '',
  label: 'kind=training',
  samples: '',
  train: '',
  runs: '',
  models: '',
  review: '',
  export: '',
};

class Address {
  #hash = $state(location.hash);
  readonly #parts = $derived(/^#\/(\w+)(?:\?(.*))?$/.exec(this.#hash));

  constructor() {
    addEventListener('hashchange', () => (this.#hash = location.hash));
  }

  /** `home` for an address that names none. */
  get screen(): Screen {
    return screens.find((screen) => screen === this.#parts?.[1]) ?? 'home';
  }

  /** A copy: changing it changes nothing. */
  get query(): URLSearchParams {
    return new URLSearchParams(this.#parts?.[2]);
  }

  /** @param options.replace without a step for the back button to return to: for what changes by itself or with every key */
  go(screen: Screen, query?: URLSearchParams, { replace = false } = {}): void {
    const hash = hashOf(screen, query);
    if (hash === this.#hash) return;
    history[replace ? 'replaceState' : 'pushState'](null, '', hash);
    this.#hash = hash;
  }
}

/** For a link to a screen. */
export function hashOf(screen: Screen, query?: URLSearchParams): string {
  const text = query?.toString() ?? usual[screen];
  return `#/${screen}${text ? `?${text}` : ''}`;
}

export const address = new Address();

/**
 * For the ways that name a screen and nothing else. What the dataset shows is what is labelled, and the other way round.
 */
export function wayTo(screen: Screen): string {
  const isBetween =
    screen === 'label' ? address.screen === 'dataset' : screen === 'dataset' && address.screen === 'label';
  if (!isBetween) return hashOf(screen);
  const { query } = address;
  for (const place of ['image', 'loop']) query.delete(place);
  return hashOf(screen, `${query}` === usual[address.screen] ? undefined : query);
}
