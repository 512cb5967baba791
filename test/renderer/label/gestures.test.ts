import { describe, expect, test } from 'vitest';
import { toImage } from '../../../src/renderer/label/viewport.ts';
import { bench, canvas } from './bench.ts';

const middle = { x: canvas.width / 2, y: canvas.height / 2 };

test('an image is fitted when it is shown', async () => {
  const { gestures } = await bench();
  expect(gestures.viewport).toEqual({ scale: 8, x: 30, y: 30 });
});

test('a picture that is fitted stays so when the canvas changes its size', async () => {
  const { gestures } = await bench();
  gestures.resize({ width: 600, height: 500 });
  expect(gestures.viewport).toEqual({ scale: 4, x: 108, y: 58 });
});

describe('the wheel', () => {
  test('zooms at the pointer', async () => {
    const { gestures } = await bench();
    const at = { x: 200, y: 500 };
    const before = toImage(gestures.viewport, at);
    gestures.wheel(at, -200);
    expect(gestures.viewport.scale).toBe(16);
    expect(toImage(gestures.viewport, at)).toEqual(before);
  });

  test('keeps its zoom for the next image of the same size', async () => {
    const { gestures, editor } = await bench();
    gestures.wheel(middle, -200);
    const zoomed = gestures.viewport;
    await editor.nextImage(1);
    expect(gestures.viewport).toEqual(zoomed);
  });

  test('is forgotten when the picture is fitted again', async () => {
    const { gestures, editor } = await bench();
    gestures.wheel(middle, -200);
    gestures.fit();
    await editor.nextImage(1);
    expect(gestures.viewport.scale).toBe(8);
  });
});

describe('the middle button', () => {
  test('moves the picture and places nothing', async () => {
    const { gestures, editor } = await bench();
    gestures.pointerDown({ ...middle, button: 1 });
    gestures.pointerMove({ x: middle.x - 20, y: middle.y + 10 });
    gestures.pointerUp({ x: middle.x - 20, y: middle.y + 10 });
    expect(gestures.viewport).toEqual({ scale: 8, x: 10, y: 40 });
    expect(editor.state.unsaved).toBe(0);
  });
});

test('a press that the window lost places nothing', async () => {
  const { gestures, editor } = await bench();
  gestures.pointerDown({ ...middle, button: 0 });
  gestures.letGo();
  gestures.pointerUp(middle);
  expect(editor.state.unsaved).toBe(0);
  expect(editor.state.held).toBeUndefined();
});

test('the pointer is known while it is over the canvas', async () => {
  const { gestures } = await bench();
  gestures.pointerMove(middle);
  expect(gestures.pointer).toEqual(middle);
  gestures.pointerLeave();
  expect(gestures.pointer).toBeUndefined();
});
