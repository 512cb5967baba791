/** Pointer and wheel over the canvas, in screen pixels from its corner: they place and move points, zoom and pan. */
import type { EditorImage } from '../../contract/images.ts';
import type { Label } from '../../domain/label.ts';
import { isPlaced, sameLabel } from '../../domain/label.ts';
import type { Editor } from './editor.ts';
import type { Point, Size, Viewport } from './viewport.ts';
import { fit, pan, snap, toImage, toScreen, zoomAt } from './viewport.ts';

export interface PointerInput extends Point {
  /** 0 the main button, 1 the middle one. */
  readonly button: number;
}

/**
 * How near to a marker's middle a press takes hold of it, in screen pixels: less while a missing point waits for its place,
 * which may be close by.
 */
const reach = { usual: 7, placing: 4 };
/** Beyond the picture's edge a press still means the edge; farther out it means nothing. */
const edge = 7;
/** A press that moves less is a click. */
const stillness = 3;
/** After a placement, a press so soon at the same place is the other half of a double click, in ms: it must not place the next point. */
const doubleClick = 300;

/** Of a key for the next cell, in ms. */
const patience = 1000;

type Press =
  | { readonly kind: 'pan'; last: Point }
  | { readonly kind: 'place' }
  | {
      readonly kind: 'marker';
      readonly keypoint: number;
      /** What was taken hold of. */
      readonly label: Label;
      readonly start: Point;
      moved: boolean;
    };

export class Gestures {
  readonly #editor: Editor;
  readonly #now: () => number;
  /** The next cell, on its way. */
  #going: Promise<void> | undefined;
  readonly #changed: () => void;
  #canvas: Size = { width: 1, height: 1 };
  #viewport: Viewport = { scale: 1, x: 0, y: 0 };
  /** Until the person zooms or pans, every image is fitted. */
  #fitted = true;
  #pointer: Point | undefined;
  #press: Press | undefined;
  #shown: EditorImage | undefined;
  #placed: { readonly at: Point; readonly when: number } | undefined;
  #spaceHeld = false;
  #spaceUsed = false;
  /** Markers that are hidden cannot be taken hold of. */
  markersShown = true;

  /** @param changed to be called when viewport or pointer are others */
  constructor(editor: Editor, changed: () => void, now: () => number = () => performance.now()) {
    this.#editor = editor;
    this.#changed = changed;
    this.#now = now;
    editor.desk.subscribe(({ image }) => {
      if (image && image.id !== this.#shown?.id) this.#show(image);
    });
  }

  get viewport(): Viewport {
    return this.#viewport;
  }

  /** Where the pointer is; undefined while it is elsewhere. */
  get pointer(): Point | undefined {
    return this.#pointer;
  }

  get panning(): boolean {
    return this.#press?.kind === 'pan' || this.#spaceHeld;
  }

  /** The canvas has this size now. */
  resize(canvas: Size): void {
    const by = { x: (canvas.width - this.#canvas.width) / 2, y: (canvas.height - this.#canvas.height) / 2 };
    this.#canvas = canvas;
    if (this.#fitted) this.fit();
    else this.#look(this.#moved(by));
  }

  /** The whole picture. */
  fit(): void {
    const { image } = this.#editor.state;
    this.#fitted = true;
    if (image) this.#look(fit(image, this.#canvas));
  }

  /** @param at screen place that stays where it is; the middle of the canvas where none is given */
  zoom(factor: number, at: Point = { x: this.#canvas.width / 2, y: this.#canvas.height / 2 }): void {
    this.#fitted = false;
    this.#look(zoomAt(this.#viewport, at, factor));
  }

  pointerDown({ button, ...at }: PointerInput): void {
    this.#pointer = at;
    if (button === 1 || (button === 0 && this.#spaceHeld)) this.#press = { kind: 'pan', last: at };
    else if (button === 0 && !this.#isEcho(at)) this.#pressAt(at);
    this.#changed();
  }

  pointerMove(at: Point): void {
    this.#pointer = at;
    const press = this.#press;
    if (press?.kind === 'pan') {
      const by = { x: at.x - press.last.x, y: at.y - press.last.y };
      press.last = at;
      this.#spaceUsed ||= this.#spaceHeld;
      this.#fitted = false;
      return this.#look(this.#moved(by));
    }
    if (press?.kind === 'marker') {
      press.moved ||= distance(at, press.start) > stillness;
      if (press.moved) this.#hold(press.keypoint, at);
    } else if (press) this.#hold(this.#editor.state.target!, at);
    this.#changed();
  }

  pointerUp(at: Point): void {
    this.#pointer = at;
    const press = this.#press;
    this.#press = undefined;
    const { held } = this.#editor.state;
    if (press && press.kind !== 'pan' && held?.by === 'pointer') {
      this.#editor.desk.set({ held: undefined });
      if (press.kind === 'marker' && this.#isChanged(press)) this.#editor.sayChanged(press.keypoint);
      else this.#editor.place(held);
      this.#placed = { at, when: this.#now() };
    }
    this.#changed();
  }

  /** Whatever is pressed ends without effect: the window lost the pointer or the keyboard. */
  letGo(): void {
    this.#press = undefined;
    this.#spaceHeld = false;
    if (this.#editor.state.held?.by === 'pointer') this.#editor.desk.set({ held: undefined });
    this.#changed();
  }

  /** Ends what is pressed without effect; with nothing pressed, lets go of the target. */
  cancel(): void {
    if (this.#spaceHeld || (this.#press && this.#press.kind !== 'pan')) this.letGo();
    else this.#editor.cancel();
  }

  pointerLeave(): void {
    if (this.#press) return;
    this.#pointer = undefined;
    this.#changed();
  }

  /** @param deltaY in pixels, as a wheel event says it. */
  wheel(at: Point, deltaY: number): void {
    this.zoom(2 ** (-deltaY / 200), at);
  }

  /** The key of "next cell" goes down: with a drag it pans, so that it only counts when it comes up without one. */
  pressNext(): void {
    if (this.#spaceHeld) return;
    this.#spaceHeld = true;
    this.#spaceUsed = false;
    this.#changed();
  }

  /** Some key comes up. */
  release(): void {
    this.#placed = undefined; // nobody presses a key within a double click
    if (!this.#spaceHeld) return;
    this.#spaceHeld = false;
    if (!this.#spaceUsed) this.#goOn();
    this.#changed();
  }

  /**
   * Runs another key's command, after the key of "next cell" that is still down or whose cell is still on its way: who
   * types fast presses the next key before the last one is up. A cell that is long in coming is not waited for: by then
   * the person may mean another.
   */
  afterNext(command: () => void): void {
    if (this.#spaceHeld && !this.#spaceUsed) {
      this.#spaceUsed = true;
      this.#goOn();
    }
    const pressed = this.#now();
    if (this.#going) void this.#going.then(() => this.#now() - pressed < patience && command());
    else command();
  }

  #goOn(): void {
    const going = this.#editor.nextCell().finally(() => {
      if (this.#going === going) this.#going = undefined;
    });
    this.#going = going;
  }

  #pressAt(at: Point): void {
    const keypoint = this.#markerAt(at);
    if (keypoint !== undefined) {
      this.#editor.select(keypoint);
      const { label } = this.#editor.state.cells[keypoint]!;
      this.#press = { kind: 'marker', keypoint, label, start: at, moved: false };
    } else if (
      this.#isOnPicture(at) &&
      this.#editor.state.target !== undefined &&
      !this.#editor.state.blind?.answer
    ) {
      this.#press = { kind: 'place' };
      this.#hold(this.#editor.state.target, at);
    }
  }

  /** Whether somebody else has changed the point since it was taken hold of. */
  #isChanged({ keypoint, label }: { readonly keypoint: number; readonly label: Label }): boolean {
    const now = this.#editor.state.cells[keypoint]?.label;
    return now === undefined || !sameLabel(now, label);
  }

  /** An image of the same size stays where the one before was, so that eye and hand need not move. */
  #show(image: EditorImage): void {
    const before = this.#shown;
    this.#shown = image;
    this.#press = undefined;
    if (this.#fitted || image.width !== before?.width || image.height !== before.height) this.fit();
  }

  #hold(keypoint: number, at: Point): void {
    const { image } = this.#editor.state;
    if (!image) return;
    this.#editor.desk.set({ held: { keypoint, ...snap(toImage(this.#viewport, at), image), by: 'pointer' } });
  }

  /** The nearest placed point that the pointer reaches. */
  #markerAt(at: Point): number | undefined {
    const { cells, target, work, blind } = this.#editor.state;
    if (!this.markersShown || blind) return undefined;
    let nearest: number | undefined;
    let least =
      target !== undefined && cells[target]?.label.state === 'missing' ? reach.placing : reach.usual;
    for (const [keypoint, { label }] of cells.entries()) {
      // In loop mode a click is about the one keypoint, whatever is near.
      if (!isPlaced(label) || (work.loop !== undefined && keypoint !== target)) continue;
      const marker = toScreen(this.#viewport, label);
      const away = distance(marker, at);
      if (away <= least) [nearest, least] = [keypoint, away];
    }
    return nearest;
  }

  #isOnPicture(at: Point): boolean {
    const { image } = this.#editor.state;
    if (!image) return false;
    const { scale, x, y } = this.#viewport;
    const within = (place: number, length: number) => place >= -edge && place <= length * scale + edge;
    return within(at.x - x, image.width) && within(at.y - y, image.height);
  }

  #isEcho(at: Point): boolean {
    const placed = this.#placed;
    return (
      placed !== undefined && this.#now() - placed.when < doubleClick && distance(at, placed.at) <= stillness
    );
  }

  #moved(by: Point): Viewport {
    const { image } = this.#editor.state;
    return image ? pan(this.#viewport, by, image, this.#canvas) : this.#viewport;
  }

  #look(viewport: Viewport): void {
    this.#viewport = viewport;
    this.#changed();
  }
}

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
