/**
 * How far off a place may be: the radius around it in which nine of ten such places have their label.
 *
 * What tells places apart is their keypoint, and how far the passes are apart that each averages: ensemble members, and
 * pictures beside their mirror images. Both together give an expected error, the root of
 * usual^2 + (weight spread)^2. How large the radius is for an expected error is read off the validation: its places, sorted
 * by expected error, in bins, and the 90 % quantile of each bin's errors, as a curve that never falls.
 */
import type { Points } from '../../domain/points.ts';

/** What a place's radius promises. */
const promised = 0.9;

export interface Uncertainty {
  /** [keypoints]: root mean square distance from the label in pixels of the network's input. */
  readonly usual: readonly number[];
  readonly weight: number;
  /** From expected errors to radii in pixels of the network's input, both rising; straight lines in between. */
  readonly curve: readonly { readonly expected: number; readonly radius: number }[];
  /** Whether the radii hold what they promise, found out with people that they were not fitted to. */
  readonly coverage: readonly Coverage[];
}

/** Places whose radius is more than that of the class before and at most `radius`. */
interface Coverage {
  /** Null for the last class, which has all above. */
  readonly radius: number | null;
  readonly places: number;
  /** Those no further from their label than their own radius, as a share. Null where there are no places. */
  readonly within: number | null;
}

/** Places of images with their labels. */
export interface Placed {
  /** [images, keypoints, 2] */
  readonly predicted: Points;
  /** [images, keypoints, 2]; NaN where there is no label. */
  readonly truth: Points;
  /** [images, keypoints] */
  readonly spread: Float32Array;
  /** [images]: the person or scene */
  readonly groups: ArrayLike<number>;
}

interface Place {
  readonly keypoint: number;
  readonly spread: number;
  /** Distance from the label in pixels. */
  readonly off: number;
  readonly group: number;
}

const weights = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4];
/** Fewer places say nothing of a tenth of them. */
const fewestPlaces = 100;
/** In one bin of the curve. */
const placesInBin = 200;
const mostBins = 12;
const classes = [2, 2.5, 3, 4, null];
/** Of the people, for finding out whether radii hold: fitted to most of them, they are nearly those that are used. */
const parts = 10;

/** @returns null where there are too few labels to tell */
export function fitUncertainty(placed: Placed, keypoints: number): Uncertainty | null {
  const places = placesOf(placed, keypoints);
  if (places.length < fewestPlaces) return null;
  return { ...fit(places, keypoints), coverage: crossCoverage(places, keypoints) };
}

/** @param spread of the place's passes, NaN where it is not known; @returns pixels of the network's input */
export function expectedErrorOf(
  { usual, weight }: Pick<Uncertainty, 'usual' | 'weight'>,
  keypoint: number,
  spread: number,
): number {
  return Math.hypot(usual[keypoint]!, Number.isNaN(spread) ? 0 : weight * spread);
}

/** The radius in which nine of ten such places have their label. In pixels of the network's input. */
export function radiusOf(
  uncertainty: Pick<Uncertainty, 'usual' | 'weight' | 'curve'>,
  keypoint: number,
  spread: number,
): number {
  const { curve } = uncertainty;
  const expected = expectedErrorOf(uncertainty, keypoint, spread);
  const next = curve.findIndex((knot) => knot.expected >= expected);
  if (next === 0) return curve[0]!.radius;
  const last = curve.at(-1)!;
  // Beyond what was seen the radius grows as the expected error does.
  if (next < 0) return last.expected > 0 ? (last.radius * expected) / last.expected : last.radius;
  const [from, to] = [curve[next - 1]!, curve[next]!];
  const share = (expected - from.expected) / (to.expected - from.expected);
  return from.radius + share * (to.radius - from.radius);
}

function placesOf({ predicted, truth, spread, groups }: Placed, keypoints: number): Place[] {
  return Array.from(spread, (ofPlace, i): Place => {
    const off = Math.hypot(predicted[2 * i]! - truth[2 * i]!, predicted[2 * i + 1]! - truth[2 * i + 1]!);
    return { keypoint: i % keypoints, spread: ofPlace, off, group: groups[Math.floor(i / keypoints)]! };
  }).filter(({ off }) => !Number.isNaN(off));
}

function fit(places: readonly Place[], keypoints: number): Omit<Uncertainty, 'coverage'> {
  const rms = (of: readonly Place[]) =>
    Math.sqrt(of.reduce((sum, { off }) => sum + off * off, 0) / of.length);
  const byKeypoint = Map.groupBy(places, ({ keypoint }) => keypoint);
  const all = rms(places);
  const usual = Array.from({ length: keypoints }, (_, k) => {
    const own = byKeypoint.get(k);
    return own ? rms(own) : all;
  });
  const fits = weights.map((weight) => ({ usual, weight }));
  const best = fits.reduce((a, b) => (unlikeliness(places, b) < unlikeliness(places, a) ? b : a));
  // In the mean it expects what there is.
  const squares = (how: typeof best) =>
    places.reduce((sum, { keypoint, spread }) => sum + expectedErrorOf(how, keypoint, spread) ** 2, 0);
  const scale = all / Math.sqrt(squares(best) / places.length) || 1;
  const scaled = { usual: best.usual.map((error) => scale * error), weight: scale * best.weight };
  return { ...scaled, curve: curveOf(places, scaled) };
}

/** Negative log likelihood of the errors, but for a constant, as exponential ones with means in proportion to what is expected. */
function unlikeliness(places: readonly Place[], how: Pick<Uncertainty, 'usual' | 'weight'>): number {
  let [logs, ratios] = [0, 0];
  for (const { keypoint, spread, off } of places) {
    const expected = expectedErrorOf(how, keypoint, spread) || Number.MIN_VALUE;
    logs += Math.log(expected);
    ratios += off / expected;
  }
  return logs / places.length + Math.log(ratios / places.length);
}

function curveOf(places: readonly Place[], how: Pick<Uncertainty, 'usual' | 'weight'>): Uncertainty['curve'] {
  const sorted = places
    .map(({ keypoint, spread, off }) => ({ expected: expectedErrorOf(how, keypoint, spread), off }))
    .sort((a, b) => a.expected - b.expected);
  const least = Math.max(placesInBin, sorted.length / mostBins);
  const bins: { expected: number; off: number }[][] = [[]];
  sorted.forEach((place, i) => {
    const bin = bins.at(-1)!;
    // Places that are alike stay together, and the last bin is no smaller than the others.
    const ends = bin.length >= least && sorted.length - i >= least;
    if (ends && bin.at(-1)!.expected < place.expected) bins.push([place]);
    else bin.push(place);
  });
  return rising(
    bins.map((bin) => ({
      expected: bin[bin.length >> 1]!.expected,
      radius: quantile(
        bin.map(({ off }) => off),
        promised,
      ),
    })),
  );
}

/** Pools neighbours that fall: isotonic regression, by "pool adjacent violators". */
function rising(knots: readonly { expected: number; radius: number }[]): Uncertainty['curve'] {
  const pools: { knots: { expected: number; radius: number }[]; radius: number }[] = [];
  for (const knot of knots) {
    pools.push({ knots: [knot], radius: knot.radius });
    while (pools.length > 1 && pools.at(-2)!.radius > pools.at(-1)!.radius) {
      const [a, b] = pools.splice(-2) as [(typeof pools)[0], (typeof pools)[0]];
      const both = [...a.knots, ...b.knots];
      pools.push({ knots: both, radius: both.reduce((sum, { radius }) => sum + radius, 0) / both.length });
    }
  }
  return pools.flatMap(({ knots: own, radius }) => own.map(({ expected }) => ({ expected, radius })));
}

/** People in ten parts: what nine of them say of the tenth. */
function crossCoverage(places: readonly Place[], keypoints: number): Coverage[] {
  const groups = [...new Set(places.map(({ group }) => group))].sort((a, b) => a - b);
  const partOf = new Map(groups.map((group, i) => [group, i % parts]));
  const judged = Array.from({ length: parts }, (_, part) => {
    const others = places.filter(({ group }) => partOf.get(group) !== part);
    if (others.length < fewestPlaces) return [];
    const how = fit(others, keypoints);
    return places
      .filter(({ group }) => partOf.get(group) === part)
      .map(({ keypoint, spread, off }) => ({ off, radius: radiusOf(how, keypoint, spread) }));
  }).flat();
  return classes.map((most, i) => {
    const least = i === 0 ? 0 : classes[i - 1]!;
    const own = judged.filter(({ radius }) => radius > least && radius <= (most ?? Infinity));
    const within = own.filter(({ off, radius }) => off <= radius).length;
    return { radius: most, places: own.length, within: own.length > 0 ? within / own.length : null };
  });
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}
