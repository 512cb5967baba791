/**
 * Where the picture lies on the screen. Screen places are CSS pixels from the canvas's top left corner; places in the
 * image are 0-based pixel centres, so the picture's corner is (-0.5, -0.5).
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Viewport {
  /** Screen pixels for one pixel of the image. */
  readonly scale: number;
  /** The screen place of the picture's top left corner. */
  readonly x: number;
  readonly y: number;
}

const [smallestScale, largestScale] = [0.05, 96];
/** Around a picture that is fitted, in screen pixels. */
const margin = 24;
/** Of a picture that is moved aside, so much stays in sight. */
const leastInSight = 48;

export function toScreen(viewport: Viewport, { x, y }: Point): Point {
  const { scale } = viewport;
  return { x: viewport.x + (x + 0.5) * scale, y: viewport.y + (y + 0.5) * scale };
}

export function toImage(viewport: Viewport, { x, y }: Point): Point {
  const { scale } = viewport;
  return { x: (x - viewport.x) / scale - 0.5, y: (y - viewport.y) / scale - 0.5 };
}

/** The whole picture, in the middle, at a whole number of screen pixels for each of its own where that is two or more. */
export function fit(image: Size, canvas: Size): Viewport {
  const room = (length: number) => Math.max(1, length - 2 * margin);
  const most = Math.min(room(canvas.width) / image.width, room(canvas.height) / image.height);
  const scale = Math.min(largestScale, most < 2 ? most : Math.floor(most));
  return {
    scale,
    x: Math.round((canvas.width - scale * image.width) / 2),
    y: Math.round((canvas.height - scale * image.height) / 2),
  };
}

/** What is under the pointer stays there. */
export function zoomAt(viewport: Viewport, pointer: Point, factor: number): Viewport {
  const scale = Math.min(largestScale, Math.max(smallestScale, viewport.scale * factor));
  const ratio = scale / viewport.scale;
  return {
    scale,
    x: pointer.x - (pointer.x - viewport.x) * ratio,
    y: pointer.y - (pointer.y - viewport.y) * ratio,
  };
}

/** Moves the picture, but never out of sight. */
export function pan(viewport: Viewport, by: Point, image: Size, canvas: Size): Viewport {
  const within = (at: number, length: number, room: number) =>
    Math.min(room - leastInSight, Math.max(leastInSight - length * viewport.scale, at));
  return {
    scale: viewport.scale,
    x: within(viewport.x + by.x, image.width, canvas.width),
    y: within(viewport.y + by.y, image.height, canvas.height),
  };
}

/** A place that a person points at: to a tenth of a pixel, and within the picture. */
export function snap({ x, y }: Point, { width, height }: Size): Point {
  const within = (value: number, length: number) => Math.min(length - 0.5, Math.max(-0.5, value));
  const tenth = (value: number) => Math.round(10 * value) / 10 || 0; // no negative zero
  return { x: tenth(within(x, width)), y: tenth(within(y, height)) };
}
