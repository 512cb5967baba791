/** Labels for an image from one that looks nearly the same. */
import type { EditorImage } from '../../contract/images.ts';
import { isPlaced } from '../../domain/label.ts';
import type { KeypointEdit } from './desk.ts';
import type { CellView } from './state.ts';
import { snap } from './viewport.ts';

/** Only of what is missing: a place in `source` becomes the same share of `image`. */
export function copiesOf(
  source: EditorImage,
  image: EditorImage,
  cells: readonly CellView[],
): KeypointEdit[] {
  const [right, down] = [image.width / source.width, image.height / source.height];
  const author = { kind: 'copy', name: String(source.id) } as const;
  return cells.flatMap(({ label }, keypoint) => {
    const other = source.labels[keypoint]!;
    if (label.state !== 'missing' || !isPlaced(other)) return [];
    const place = { x: (other.x + 0.5) * right - 0.5, y: (other.y + 0.5) * down - 0.5 };
    return [{ keypoint, after: { state: other.state, ...snap(place, image) }, author }];
  });
}
