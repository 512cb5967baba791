/** A shortcut as the page writes it (tinykeys), as Electron's menus show it. */

const modifiers: Record<string, string> = {
  $mod: 'CommandOrControl',
  Control: 'Control',
  Meta: 'Meta',
  Shift: 'Shift',
  Alt: 'Alt',
};

const keys: Record<string, string> = {
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  Escape: 'Esc',
  ' ': 'Space',
  '+': 'Plus',
};
const sameName = /^(Space|Enter|Tab|Backspace|Delete|Insert|Home|End|PageUp|PageDown|F\d{1,2}|[!-~])$/;
const byPlace = /^(?:Key|Digit)([A-Z0-9])$/;

/** @returns undefined for what a menu cannot show: a sequence of keys, a key without a name there */
export function accelerator(shortcut: string): string | undefined {
  const names = shortcut.split(/\b\+/);
  const key = names.pop()!;
  // A sign says by itself that it takes Shift, on most keyboards.
  const held = names.filter((name) => name !== 'Shift' || /\w/.test(key)).map((name) => modifiers[name]);
  const shown =
    keys[key] ?? byPlace.exec(key)?.[1] ?? (sameName.test(key) ? key.replace(/^[a-z]$/, upper) : undefined);
  if (shown === undefined || held.includes(undefined)) return undefined;
  return [...held, shown].join('+');
}

const upper = (letter: string) => letter.toUpperCase();
