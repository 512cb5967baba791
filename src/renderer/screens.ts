/** Screens that are fetched apart from the page, which is sooner there without them. */
import { whenViewIsThere } from './frame/view-first.ts';

export const screens = {
  label: () => import('./label/Label.svelte'),
  train: () => import('./train/Train.svelte'),
  runs: () => import('./runs/Runs.svelte'),
  export: () => import('./export/Export.svelte'),
  review: () => import('./review/ReviewScreen.svelte'),
  models: () => import('./models/Models.svelte'),
  samples: () => import('./samples/Samples.svelte'),
};

/** Before anybody goes there, once the first screen shows what it has. */
export async function fetchScreens(): Promise<void> {
  await whenViewIsThere();
  await Promise.all(Object.values(screens).map((screen) => screen())).catch(() => undefined); // asked for again when wanted
}
