/**
 * Colours for amounts, perceptually uniform and safe for colour-blind eyes: viridis (Smith & van der Walt 2015), and for
 * signed ones Moreland's cool and warm ("Diverging color maps for scientific visualization", 2009).
 */

export type Colour = readonly [red: number, green: number, blue: number];

/** At equal steps from 0 to 1; between them it is straight to within what an eye can tell. */
const stops: readonly Colour[] = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 73, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
];

/** As `stops`, from the most negative over nothing to the most positive. */
const signedStops: readonly Colour[] = [
  [59, 76, 192],
  [98, 130, 234],
  [141, 176, 254],
  [184, 208, 249],
  [221, 221, 221],
  [245, 196, 173],
  [244, 154, 123],
  [222, 96, 77],
  [180, 4, 38],
];

/** @param share 0 to 1; what lies beyond is taken for the nearer end */
export const viridis = (share: number): Colour => between(stops, share);

/** @param share -1 to 1; blue below 0, red above */
export const diverging = (share: number): Colour => between(signedStops, (share + 1) / 2);

function between(stops: readonly Colour[], share: number): Colour {
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [stops[index]!, stops[index + 1]!];
  const mix = (i: 0 | 1 | 2) => Math.round(from[i] + (place - index) * (to[i] - from[i]));
  return [mix(0), mix(1), mix(2)];
}

export const css = ([red, green, blue]: Colour): string => `rgb(${red} ${green} ${blue})`;

/** Black or white, whichever is easier to read on the colour: a contrast of at least 4.5 to 1. */
export function inkOn(colour: Colour): 'black' | 'white' {
  const luminance = relativeLuminance(colour);
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? 'black' : 'white';
}

/** As WCAG 2 defines it; 0 black, 1 white. */
export function relativeLuminance(colour: Colour): number {
  const [red, green, blue] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
