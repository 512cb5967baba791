/**
 * changePixels in WebAssembly, four pixels at a time: a sample takes a fifth of the time, which the engine's threads
 * get where there is no core to spare.
 */
import { assemble } from '../assemble.ts';
import type { InputShape } from '../engine/engine.ts';
import { inverseOf } from './affine.ts';
import type { ChangePixels } from './augment.ts';
import { blur, cutOut, relight } from './light.ts';
import { leastDeviation } from './normalise.ts';

const lanes = [0, 1, 2, 3];
/** One coordinate of four pixels that lie `step` apart, kept between 0 and the last pixel's centre. */
const coordinate = (start: string, step: string, last: string) => `
  (f32x4.pmax (f32x4.splat (f32.const 0)) (f32x4.pmin (local.get ${last})
    (f32x4.add (local.get ${start}) (f32x4.mul (local.get $columns) (local.get ${step})))))`;
/** Of a coordinate, that of the last pair at most. */
const whole = (value: string, lastPair: string) =>
  `(f32x4.floor (f32x4.pmin (local.get ${lastPair}) (local.get ${value})))`;
/** As a float32, 2²³ + n has n in its lower bits: a quarter of what a conversion costs. */
const large = 2 ** 23;
/** Of the four bytes that each lane holds. */
const byte = (index: number) => `
  (f32x4.convert_i32x4_s (v128.and (i32x4.shr_u (local.get $pairs) (i32.const ${8 * index}))
    (i32x4.splat (i32.const 255))))`;
const between = (from: string, to: string, share: string) =>
  `(f32x4.add ${from} (f32x4.mul (local.get ${share}) (f32x4.sub ${to} ${from})))`;

const source = `
(module
  (import "thread" "memory" (memory 1))

  ;; As warpPixels. A row is written four pixels at a time: up to three beyond its end, which the next row writes over.
  (func (export "warp")
    (param $pixels i32) (param $warped i32) (param $width i32) (param $height i32)
    (param $startX f64) (param $startY f64)
    (param $columnX f64) (param $columnY f64) (param $rowX f64) (param $rowY f64)
    (local $row i32) (local $column i32) (local $to i32) (local $columns v128)
    (local $x v128) (local $y v128) (local $left v128) (local $top v128) (local $at v128) (local $pairs v128)
    (local $fromX v128) (local $fromY v128) (local $stepX v128) (local $stepY v128)
    (local $lastX v128) (local $lastY v128) (local $lastLeft v128) (local $lastTop v128)
    (local $upper v128) (local $lower v128) (local $rowPixels v128) (local $from i32)
    (local.set $rowPixels (f32x4.splat (f32.convert_i32_s (local.get $width))))
    (local.set $stepX (f32x4.splat (f32.demote_f64 (local.get $columnX))))
    (local.set $stepY (f32x4.splat (f32.demote_f64 (local.get $columnY))))
    (local.set $lastX (f32x4.splat (f32.convert_i32_s (i32.sub (local.get $width) (i32.const 1)))))
    (local.set $lastY (f32x4.splat (f32.convert_i32_s (i32.sub (local.get $height) (i32.const 1)))))
    (local.set $lastLeft (f32x4.sub (local.get $lastX) (f32x4.splat (f32.const 1))))
    (local.set $lastTop (f32x4.sub (local.get $lastY) (f32x4.splat (f32.const 1))))
    (loop $rows
      (local.set $fromX (f32x4.splat (f32.demote_f64
        (f64.add (local.get $startX) (f64.mul (f64.convert_i32_s (local.get $row)) (local.get $rowX))))))
      (local.set $fromY (f32x4.splat (f32.demote_f64
        (f64.add (local.get $startY) (f64.mul (f64.convert_i32_s (local.get $row)) (local.get $rowY))))))
      (local.set $columns (v128.const f32x4 0 1 2 3))
      (local.set $column (i32.const 0))
      (local.set $to (local.get $warped))
      (loop $four
        (local.set $x ${coordinate('$fromX', '$stepX', '$lastX')})
        (local.set $y ${coordinate('$fromY', '$stepY', '$lastY')})
        (local.set $left ${whole('$x', '$lastLeft')})
        (local.set $top ${whole('$y', '$lastTop')})
        (local.set $at (v128.xor (f32x4.splat (f32.const ${large})) (f32x4.add (f32x4.splat (f32.const ${large}))
          (f32x4.add (local.get $left) (f32x4.mul (local.get $top) (local.get $rowPixels))))))
        (local.set $pairs (v128.const i64x2 0 0))
        ${lanes
          .map(
            (lane) => `
        (local.set $from (i32.add (local.get $pixels) (i32x4.extract_lane ${lane} (local.get $at))))
        (local.set $pairs (v128.load16_lane ${2 * lane} (local.get $from) (local.get $pairs)))
        (local.set $pairs
          (v128.load16_lane ${2 * lane + 1} (i32.add (local.get $from) (local.get $width)) (local.get $pairs)))`,
          )
          .join('')}
        (local.set $x (f32x4.sub (local.get $x) (local.get $left)))
        (local.set $y (f32x4.sub (local.get $y) (local.get $top)))
        (local.set $upper ${between(byte(0), byte(1), '$x')})
        (local.set $lower ${between(byte(2), byte(3), '$x')})
        (v128.store (local.get $to) ${between('(local.get $upper)', '(local.get $lower)', '$y')})
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (local.set $columns (f32x4.add (local.get $columns) (f32x4.splat (f32.const 4))))
        (local.set $column (i32.add (local.get $column) (i32.const 4)))
        (br_if $four (i32.lt_s (local.get $column) (local.get $width))))
      (local.set $warped (i32.add (local.get $warped) (i32.shl (local.get $width) (i32.const 2))))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br_if $rows (i32.lt_s (local.get $row) (local.get $height)))))

  ;; Sum and sum of squares of the values from $at to $end, a multiple of four of them.
  (func (export "sums") (param $at i32) (param $end i32) (result f64 f64)
    (local $four v128) (local $low v128) (local $high v128) (local $sum v128) (local $squares v128)
    (loop $next
      (local.set $four (v128.load (local.get $at)))
      (local.set $low (f64x2.promote_low_f32x4 (local.get $four)))
      (local.set $high (f64x2.promote_low_f32x4
        (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $four) (local.get $four))))
      (local.set $sum (f64x2.add (local.get $sum) (f64x2.add (local.get $low) (local.get $high))))
      (local.set $squares (f64x2.add (local.get $squares) (f64x2.add
        (f64x2.mul (local.get $low) (local.get $low)) (f64x2.mul (local.get $high) (local.get $high)))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum)))
    (f64.add (f64x2.extract_lane 0 (local.get $squares)) (f64x2.extract_lane 1 (local.get $squares))))

  ;; value = factor value + offset
  (func (export "scale") (param $at i32) (param $end i32) (param $factor f32) (param $offset f32)
    (loop $next
      (v128.store (local.get $at) (f32x4.add
        (f32x4.mul (v128.load (local.get $at)) (f32x4.splat (local.get $factor)))
        (f32x4.splat (local.get $offset))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))))`;

/** All places are byte addresses. */
interface Kernel {
  warp(
    pixels: number,
    warped: number,
    width: number,
    height: number,
    startX: number,
    startY: number,
    columnX: number,
    columnY: number,
    rowX: number,
    rowY: number,
  ): void;
  sums(at: number, end: number): [sum: number, squares: number];
  scale(at: number, end: number, factor: number, offset: number): void;
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** Compiles once in a process. */
export function compilePixelKernel(): Promise<WebAssembly.Module> {
  compiled ??= assemble(source, { simd: true, multi_value: true });
  return compiled;
}

/** For pictures of one size; within three hundredths of a gray level of changePixels. */
export async function changePixelsIn(kernel: WebAssembly.Module, input: InputShape): Promise<ChangePixels> {
  const { width, height } = input;
  const size = width * height;
  const pictureAt = 16 * Math.ceil(size / 16);
  const end = pictureAt + 16 * Math.ceil(size / 4);
  const memory = new WebAssembly.Memory({ initial: Math.ceil((end + 16) / 2 ** 16) });
  const { exports } = await WebAssembly.instantiate(kernel, { thread: { memory } });
  const { warp, sums, scale } = exports as unknown as Kernel;
  const bytes = new Uint8Array(memory.buffer, 0, size);
  const view = new Float32Array(memory.buffer, pictureAt, size);
  const beyond = new Float32Array(memory.buffer, pictureAt + 4 * size, 4);

  return (pixels, { affine, contrast, brightness, noise, ...changes }, { normalisation }, picture) => {
    bytes.set(pixels);
    const { start, column, row } = inverseOf(affine, input);
    warp(0, pictureAt, width, height, ...start, ...column, ...row);
    if (changes.blur > 0) blur(view, changes.blur, input);
    beyond.fill(0);
    const [sum, squares] = sums(pictureAt, end);
    const mean = sum / size;
    const deviation = Math.sqrt(Math.max(0, squares / size - mean * mean));
    const [middle, unit] = normalisation === 'unit' ? [0, 255] : [mean, Math.max(leastDeviation, deviation)];
    const offset = ((mean - middle) / unit) * (1 - contrast) + brightness;
    scale(pictureAt, end, contrast / unit, offset - (middle * contrast) / unit);
    if (noise.deviation > 0) relight(view, { contrast: 1, brightness: 0, noise });
    if (changes.cutOut.side > 0) cutOut(view, changes.cutOut, input);
    picture.set(view);
  };
}
