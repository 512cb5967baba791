/** The points of a small face as a few SVG paths: one for each look, however many points there are. */
import type { ImageView } from '../../contract/images.ts';
import type { Side } from '../sides.ts';

/** In pixels of the image, 0-based pixel centres. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/** How a ring looks: the side gives the colour, an occluded one is dashed. */
export interface Rings {
  readonly side: Side;
  readonly state: 'visible' | 'occluded';
  /** In pixels of the image, with 0 its left and upper edge. */
  readonly path: string;
}

/** Points over a picture. */
export type Labelled = Pick<ImageView, 'labels' | 'width' | 'height'>;

/** In the order in which they are painted. @param size of what is drawn, 1 as on a small face */
export function ringsOf({ labels, width, height }: Labelled, sides: readonly Side[], size = 1): Rings[] {
  const radius = size * ringRadius(width, height);
  const rings = new Map<string, { side: Side; state: Rings['state']; path: string }>();
  labels.forEach((label, k) => {
    if (label.state !== 'visible' && label.state !== 'occluded') return;
    const side = sides[k]!;
    const key = `${side} ${label.state}`;
    const ring = rings.get(key) ?? { side, state: label.state, path: '' };
    ring.path += circle(label.x, label.y, radius);
    rings.set(key, ring);
  });
  return [...rings.values()];
}

/** The label that stands out, circled; empty where none does. */
export function outlierPath({ labels, outlier, width, height }: ImageView): string {
  const label = outlier && labels[outlier.keypoint];
  return label && 'x' in label ? circle(label.x, label.y, 2.6 * ringRadius(width, height)) : '';
}

/** Where a run places the points: a small cross each, of the colour of its side; none where it has no place. @param size as ringsOf's */
export function crossesOf(
  { width, height }: Pick<ImageView, 'width' | 'height'>,
  placed: readonly Place[],
  sides: readonly Side[],
  size = 1,
): { readonly side: Side; readonly path: string }[] {
  const arm = round(0.8 * size * ringRadius(width, height));
  const crosses = new Map<Side, string>();
  placed.forEach(({ x, y }, k) => {
    if (Number.isNaN(x)) return;
    const [left, top] = [round(x + 0.5), round(y + 0.5)];
    const cross = `M${left - arm} ${top - arm}l${2 * arm} ${2 * arm}m0 ${-2 * arm}l${-2 * arm} ${2 * arm}`;
    crosses.set(sides[k]!, (crosses.get(sides[k]!) ?? '') + cross);
  });
  return [...crosses].map(([side, path]) => ({ side, path }));
}

/** Errors, drawn from each label to where a run places the point. */
export function errorsPath({ labels }: Pick<ImageView, 'labels'>, placed: readonly Place[]): string {
  return labels
    .map((label, k) => {
      const to = placed[k];
      if (!to || Number.isNaN(to.x) || !('x' in label)) return '';
      return `M${round(label.x + 0.5)} ${round(label.y + 0.5)}L${round(to.x + 0.5)} ${round(to.y + 0.5)}`;
    })
    .join('');
}

/** About as large on a small face as a fingertip on a real one. */
const ringRadius = (width: number, height: number) => Math.max(width, height) / 48;

/** Places are those of pixel centres: that of the first pixel is half a pixel from the edge. */
function circle(x: number, y: number, radius: number): string {
  const r = round(radius);
  return `M${round(x + 0.5 - radius)} ${round(y + 0.5)}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0`;
}

const round = (value: number) => Math.round(value * 100) / 100;
