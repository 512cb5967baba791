/** Dark or light: as the system has it, unless the person chose. */
import { MediaQuery } from 'svelte/reactivity';
import { settings } from './settings.svelte.ts';

export const themes = ['system', 'dark', 'light'] as const;

export const themeSetting = 'theme';

const systemIsLight = new MediaQuery('(prefers-color-scheme: light)');

export const theme = {
  get current(): 'dark' | 'light' {
    const chosen = settings.get<(typeof themes)[number]>(themeSetting, 'system');
    if (chosen !== 'system') return chosen;
    return systemIsLight.current ? 'light' : 'dark';
  },
};

/** For the frame: the page's root says which theme holds, and the colours follow from that. */
export function useTheme(): void {
  $effect(() => {
    document.documentElement.dataset['theme'] = theme.current;
  });
}
