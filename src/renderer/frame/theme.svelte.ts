/** Dark or light: as the system has it, unless the person chose. */
import { MediaQuery } from 'svelte/reactivity';
import { settings } from './settings.svelte.ts';

export const themes = ['system', 'dark', 'light'] as const;

export const themeSetting = 'theme';

/** For the frame: the page's root says which theme holds, and the colours follow from that. */
export function useTheme(): void {
  const light = new MediaQuery('(prefers-color-scheme: light)');
  $effect(() => {
    const chosen = settings.get<(typeof themes)[number]>(themeSetting, 'system');
    document.documentElement.dataset['theme'] =
      chosen === 'system' ? (light.current ? 'light' : 'dark') : chosen;
  });
}
