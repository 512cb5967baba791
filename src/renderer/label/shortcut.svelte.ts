import { commands, keyText } from '../frame/commands.svelte.ts';

/** The key of one of the label screen's commands, as people read it; empty where the person has taken it away. */
export function shortcut(id: string): string {
  const command = commands.all.find((other) => other.id === `label.${id}`);
  const [key] = command ? commands.keysOf(command) : [];
  return key === undefined ? '' : keyText(key);
}
