/**
 * Everything that a person can do, by name: the palette, the shortcut sheet, the keyboard and the desktop's menus all
 * read this one list. A screen adds its commands while it is shown; of two with the same key, the later added counts.
 */
import { untrack } from 'svelte';
import { matchKeyBindingPress, parseKeybinding } from 'tinykeys';
import { settings } from './settings.svelte.ts';

export interface Command {
  /** For settings and menus, e.g. `label.next-image`. */
  readonly id: string;
  readonly title: string;
  /** A menu's name. */
  readonly group: string;
  /** As tinykeys writes them, e.g. `$mod+Shift+z`; each one alone runs the command. */
  readonly keys: readonly string[];
  readonly run: () => void;
  readonly enabled?: () => boolean;
  /** Held down, its key counts once. */
  readonly once?: boolean;
}

/** Where a person's own shortcuts are kept: keys by command. */
const setting = 'shortcuts';

class Commands {
  #lists = $state.raw<readonly (readonly Command[])[]>([]);
  readonly all = $derived(this.#lists.flat());

  /** @returns what takes them away again */
  add(list: readonly Command[]): () => void {
    this.#lists = [...this.#lists, list];
    return () => (this.#lists = this.#lists.filter((other) => other !== list));
  }

  /** The person's own keys, else the command's. */
  keysOf({ id, keys }: Pick<Command, 'id' | 'keys'>): readonly string[] {
    return this.#own[id] ?? keys;
  }

  /** @param keys undefined gives the command its own keys back */
  async rebind(id: string, keys: readonly string[] | undefined): Promise<void> {
    await settings.load().catch(() => undefined); // another page of the person's may have rebound others meanwhile
    const others = Object.entries(this.#own).filter(([other]) => other !== id);
    settings.set(setting, Object.fromEntries(keys ? [...others, [id, keys]] : others));
  }

  isRebound(id: string): boolean {
    return id in this.#own;
  }

  /** What a key does now: a command that the person has given it goes before one that has it anyway. */
  find(event: KeyboardEvent): Command | undefined {
    const having = this.all.filter(
      (command) => (command.enabled?.() ?? true) && this.keysOf(command).some((key) => isPressed(event, key)),
    );
    return having.findLast(({ id }) => this.isRebound(id)) ?? having.at(-1);
  }

  /** What else has this key: a person who rebinds is told. */
  withKey(key: string): Command[] {
    return this.all.filter((command) => this.keysOf(command).includes(key));
  }

  get #own(): Record<string, readonly string[]> {
    return settings.get(setting, {});
  }
}

export const commands = new Commands();

/** For a component: the commands are there as long as it is. */
export function useCommands(list: () => readonly Command[]): void {
  $effect(() => {
    const added = list();
    return untrack(() => commands.add(added)); // it reads the list that it writes
  });
}

function isPressed(event: KeyboardEvent, key: string): boolean {
  const [press] = parseKeybinding(key);
  return press !== undefined && matchKeyBindingPress(event, press);
}

/** Whether a key belongs to what has the focus: text being typed, a button about to be pressed, a list being walked. */
export function isTakenByFocus(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (!target || event.key === 'Escape') return false;
  if (target.closest('input:not([type=range], [type=checkbox], [type=radio]), textarea, [contenteditable]'))
    return !(event.ctrlKey || event.metaKey) || 'acvxzy'.includes(event.key.toLowerCase());
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (target.closest('[role=dialog], [role=menu], [role=listbox], select')) return true;
  if (target.closest('[type=range]')) return /^(Arrow|Page|Home|End)/.test(event.key);
  return (
    (event.key === 'Enter' || event.key === ' ') &&
    target.closest('button, a, summary, [type=checkbox], [type=radio]') !== null
  );
}

/** The key that an event is, as it is written in a list of shortcuts; undefined for a modifier alone. */
export function keyOf(event: KeyboardEvent): string | undefined {
  if (['Control', 'Meta', 'Shift', 'Alt', 'Dead'].includes(event.key)) return undefined;
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const held = [mod && '$mod', event.shiftKey && 'Shift', event.altKey && 'Alt'].filter(Boolean);
  return [...held, key].join('+');
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

const signs: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  $mod: isMac ? '⌘' : 'Ctrl',
  Escape: 'Esc',
  Delete: 'Del',
};

/** A shortcut as people read it: `Ctrl+Shift+Z`, and `?`, which says by itself that it takes Shift on most keyboards. */
export function keyText(key: string): string {
  return key
    .replace(/^Shift\+(?=[^\w\s]$)/, '')
    .split('+')
    .map((part) => signs[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(isMac ? ' ' : '+');
}
