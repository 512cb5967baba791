/** The draft of the next training: whichever screen is shown, it is the same, and it outlives the page. */
import type { Recipe } from '../../domain/recipe.ts';
import { session } from '../frame/session.svelte.ts';
import { settings } from '../frame/settings.svelte.ts';
import { type Draft, freshDraft } from './draft.ts';

/** Of the workspace that was worked on last: in another one, rows and runs are others. */
interface Kept {
  readonly workspace: string;
  readonly draft: Draft;
}

const setting = 'train.draft';

class TrainDraft {
  get value(): Draft {
    const kept = settings.get<Kept | undefined>(setting, undefined);
    const isOurs = kept !== undefined && kept.workspace === session.workspace;
    return isOurs ? { ...freshDraft, ...kept.draft } : freshDraft;
  }

  change(fields: Partial<Draft>): void {
    const workspace = session.workspace;
    if (workspace === undefined) return;
    settings.set(setting, { workspace, draft: { ...this.value, ...fields } } satisfies Kept);
  }

  /** @param fields those that are to differ from the preset's recipe, e.g. `{ augmentation }` */
  changeRecipe(fields: Partial<Recipe>): void {
    this.change({ recipe: { ...this.value.recipe, ...fields } });
  }

  /** The next training goes on from a run's parameters. @param epoch a kept one; null for the best */
  startFrom(run: number, epoch: number | null = null): void {
    this.change({ from: { run, epoch }, spec: null });
  }
}

export const draft = new TrainDraft();
