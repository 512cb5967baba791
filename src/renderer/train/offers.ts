/** The offers for whoever wants a good model and knows how long it may take. Figures: docs/accuracy.md. */
import type { Draft } from './draft.ts';

type Offered = Pick<Draft, 'preset' | 'spec' | 'recipe' | 'timeLimit' | 'ensemble' | 'from'>;

export interface Offer {
  readonly title: string;
  readonly brings: string;
  readonly draft: Offered;
}

const byDefault = { preset: 'default', spec: null, recipe: {}, from: null } as const;

export const offers: readonly Offer[] = [
  {
    title: '10 minutes',
    brings: 'One network, 1.30 px on the competition’s faces. What most want while labels still change.',
    draft: { ...byDefault, timeLimit: 600, ensemble: 1 },
  },
  {
    title: 'An hour, one network',
    brings: '1.30 px, too: on those faces nothing is left to learn after ten minutes. For many more faces.',
    draft: { ...byDefault, timeLimit: 3600, ensemble: 1 },
  },
  {
    title: '20 minutes, two networks averaged',
    brings:
      '1.29 px, where one of them alone has 1.30 or 1.29, and surer of where it is unsure. Twice as slow to use.',
    draft: { ...byDefault, timeLimit: 1200, ensemble: 2 },
  },
];

/** Whether the draft is the offer. */
export function takes(draft: Draft, { draft: offered }: Offer): boolean {
  return (Object.keys(offered) as (keyof Offered)[]).every(
    (field) => JSON.stringify(draft[field]) === JSON.stringify(offered[field]),
  );
}
