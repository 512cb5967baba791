/** Labels, authors and changes in words. */
import type { Author } from '../../contract/cells.ts';
import type { Label } from '../../domain/label.ts';
import { isPlaced } from '../../domain/label.ts';
import { count, counted, pixels, spoken } from '../frame/format.ts';
import type { TakenBack } from './outbox.ts';

/** `visible at 66.0, 39.0` */
export function labelText(label: Label | undefined): string {
  if (!label) return '';
  return isPlaced(label) ? `${label.state} at ${pixels(label.x)}, ${pixels(label.y)}` : label.state;
}

/** Whom a label or a proposal is due to. @param me the name of the person who reads it */
export function authorText({ kind, name }: Author, me = ''): string {
  switch (kind) {
    case 'human':
      return name === me ? 'you' : name;
    case 'import':
      return `import ${name}`;
    case 'model-run':
      return `run ${name}`;
    case 'mirror':
      return `mirror of ${name.replaceAll('_', ' ')}`;
    case 'shape':
      return `shape of ${count(Number(name))} images`;
    case 'copy':
      return `copy of image ${name}`;
  }
}

/** Who has just changed a label. */
export const personText = (author: Author | null | undefined): string =>
  author?.kind === 'human' ? author.name : 'somebody else';

/** What an entry of the journal did: `moved 1.2 px`, `set occluded`, `cleared`. */
export function changeText(before: Label, after: Label): string {
  if (after.state === 'missing') return 'cleared';
  if (after.state === 'absent') return 'set absent';
  if (!isPlaced(before)) return after.state === 'occluded' ? 'placed, occluded' : 'placed';
  const moved = Math.hypot(after.x - before.x, after.y - before.y);
  const distance = `moved ${pixels(moved)} px`;
  if (before.state === after.state) return distance;
  return moved === 0 ? `set ${after.state}` : `${distance}, ${after.state}`;
}

/** What an undo or a redo did. @param keypoints their names */
export function takenBackText(kind: 'undo' | 'redo', taken: TakenBack, keypoints: readonly string[]): string {
  if (!taken) return kind === 'undo' ? 'There is nothing to undo.' : 'There is nothing to redo.';
  const { changed, kept } = taken;
  const [first] = changed;
  const images = new Set(changed.map(({ imageId }) => imageId)).size;
  const done = first
    ? `${kind === 'undo' ? 'Undone' : 'Redone'}: ${
        changed.length === 1 ? spoken(keypoints[first.keypoint]!) : counted(changed.length, 'cell')
      }, ${images === 1 ? `image ${first.imageId}` : `${count(images)} images`}`
    : 'Nothing was changed';
  if (kept.length === 0) return `${done}.`;
  const stay = kept.length === 1 ? 'stays' : 'stay';
  return `${done}; ${counted(kept.length, 'cell')} that somebody else has changed since ${stay}.`;
}
