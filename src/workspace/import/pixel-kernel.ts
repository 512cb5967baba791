/**
 * The quick way for nearly all of a picture's text, which is nearly all of an import's input: whole numbers to bytes in
 * WebAssembly, four at a time, in a third of the time that JavaScript takes for one after another.
 *
 * A block of 64 characters becomes a bit mask of its spaces. The next 16 bits of the mask tell how long the next four
 * numbers are, and so, through a table, where their digits lie: one shuffle brings hundreds and tens to their places
 * and another the ones (Muła, "Parsing series of integers with SIMD", 2018).
 */

/**
 * Reads numbers of one to three digits, each followed by one space, from `text[from]` on, where a number starts, and
 * adds them to `pixels` after the first `pixelCount`. Stops, at the start of a number, before whatever is not so or is
 * above 255, and short of the end of either array.
 * @returns where it stopped in `text`, and how many pixels there are now
 */
export type PlainPixelReader = (
  text: Uint8Array,
  from: number,
  pixels: Uint8Array,
  pixelCount: number,
) => readonly [stop: number, pixelCount: number];

let shared: Promise<PlainPixelReader> | undefined;

/** The one reader of this thread: a call leaves nothing behind in it. */
export function plainPixelReader(): Promise<PlainPixelReader> {
  return (shared ??= makeReader());
}

// The module's memory: a word for each mask of 16 bits, two shuffles for each of 81 patterns, text and pixels.
const [shuffles, textAt, pixelsAt] = [0x20000, 0x21000, 0x32000];
const patternBytes = 32;
const blockBytes = 64;
/** As many numbers as a block can hold. */
const blockPixels = 32;
const mostText = pixelsAt - textAt - 16; // A shuffle loads 16 bytes.

const offsets = [0, 16, 32, 48];
const load = (offset: number) => `(v128.load offset=${offset} (local.get $text))`;
const spaces = (offset: number) => `(i8x16.eq ${load(offset)} (i8x16.splat (i32.const 32)))`;
const digits = (offset: number) =>
  `(i8x16.lt_u (i8x16.sub ${load(offset)} (i8x16.splat (i32.const 48))) (i8x16.splat (i32.const 10)))`;
const joined = (operation: string, terms: readonly string[]) =>
  terms.reduce((all, term) => `(${operation} ${all} ${term})`);

const source = `
(module
  (memory (export "memory") 4)

  (func (export "read") (param $text i32) (param $textEnd i32) (param $pixels i32) (param $pixelsEnd i32) (result i32 i32)
    (local $spaces i64) (local $digits i64) (local $fours i32) (local $pattern i32)
    (local $from i32) (local $to i32) (local $bytes v128) (local $values v128) (local $seen v128)
    (block $end
      (loop $block
        (br_if $end (i32.gt_u (i32.add (local.get $text) (i32.const ${blockBytes})) (local.get $textEnd)))
        (br_if $end (i32.gt_u (i32.add (local.get $pixels) (i32.const ${blockPixels})) (local.get $pixelsEnd)))

        ;; Nothing but digits and spaces; no space at the start or after another one, no four digits in a row.
        (br_if $end (i32.eqz (i8x16.all_true
          ${joined(
            'v128.and',
            offsets.map((offset) => `(v128.or ${spaces(offset)} ${digits(offset)})`),
          )})))
        (local.set $spaces ${joined(
          'i64.or',
          offsets.map(
            (offset) =>
              `(i64.shl (i64.extend_i32_u (i8x16.bitmask ${spaces(offset)})) (i64.const ${offset}))`,
          ),
        )})
        (local.set $digits (i64.xor (local.get $spaces) (i64.const -1)))
        (br_if $end (i64.ne (i64.const 0) (i64.or
          (i64.and (local.get $spaces) (i64.or (i64.shl (local.get $spaces) (i64.const 1)) (i64.const 1)))
          (i64.and
            (i64.and (local.get $digits) (i64.shl (local.get $digits) (i64.const 1)))
            (i64.and (i64.shl (local.get $digits) (i64.const 2)) (i64.shl (local.get $digits) (i64.const 3)))))))

        (local.set $fours (i32.wrap_i64 (i64.shr_u (i64.popcnt (local.get $spaces)) (i64.const 2))))
        (local.set $from (local.get $text))
        (local.set $to (local.get $pixels))
        (local.set $seen (v128.const i64x2 0 0))
        (loop $four
          ;; How many bytes the four take, and what to shuffle: a multiple of ${patternBytes}.
          (local.set $pattern
            (i32.load16_u (i32.shl (i32.and (i32.wrap_i64 (local.get $spaces)) (i32.const 0xffff)) (i32.const 1))))
          (local.set $bytes (v128.and (v128.load (local.get $from)) (i8x16.splat (i32.const 15))))
          (local.set $from
            (i32.add (local.get $from) (i32.and (local.get $pattern) (i32.const ${patternBytes - 1}))))
          (local.set $spaces (i64.shr_u
            (local.get $spaces)
            (i64.extend_i32_u (i32.and (local.get $pattern) (i32.const ${patternBytes - 1})))))
          (local.set $pattern (i32.and (local.get $pattern) (i32.const ${-patternBytes})))
          (local.set $values (i32x4.add
            (i32x4.dot_i16x8_s
              (i8x16.swizzle (local.get $bytes) (v128.load offset=${shuffles} (local.get $pattern)))
              (v128.const i16x8 100 10 100 10 100 10 100 10))
            (i8x16.swizzle (local.get $bytes) (v128.load offset=${shuffles + 16} (local.get $pattern)))))
          (local.set $seen (v128.or (local.get $seen) (local.get $values)))
          (local.set $values (i16x8.narrow_i32x4_s (local.get $values) (local.get $values)))
          (i32.store (local.get $to)
            (i32x4.extract_lane 0 (i8x16.narrow_i16x8_u (local.get $values) (local.get $values))))
          (local.set $to (i32.add (local.get $to) (i32.const 4)))
          (br_if $four (local.tee $fours (i32.sub (local.get $fours) (i32.const 1)))))

        (br_if $end (v128.any_true (i32x4.gt_u (local.get $seen) (i32x4.splat (i32.const 255)))))
        (local.set $text (local.get $from))
        (local.set $pixels (local.get $to))
        (br $block)))
    (local.get $text) (local.get $pixels)))`;

interface Kernel {
  readonly memory: WebAssembly.Memory;
  /** All four are byte addresses; returns where it stopped in the text and in the pixels. */
  read(text: number, textEnd: number, pixels: number, pixelsEnd: number): [text: number, pixels: number];
}

async function makeReader(): Promise<PlainPixelReader> {
  const { default: wabt } = await import('wabt');
  const module = (await wabt()).parseWat('pixels.wat', source, { simd: true, multi_value: true });
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(module.toBinary({}).buffer));
  module.destroy();
  const { memory, read } = instance.exports as unknown as Kernel;
  const bytes = new Uint8Array(memory.buffer);
  writeTables(bytes);

  return (text, from, pixels, pixelCount) => {
    let stop = from;
    for (;;) {
      const room = Math.min(pixels.length - pixelCount, mostText / 2);
      const piece = Math.min(text.length - stop, mostText);
      if (room < blockPixels || piece < blockBytes) break;
      bytes.set(text.subarray(stop, stop + piece), textAt);
      const [textEnd, pixelsEnd] = read(textAt, textAt + piece, pixelsAt, pixelsAt + room);
      if (textEnd === textAt) break;
      pixels.set(bytes.subarray(pixelsAt, pixelsEnd), pixelCount);
      stop += textEnd - textAt;
      pixelCount += pixelsEnd - pixelsAt;
    }
    return [stop, pixelCount];
  };
}

/** For each mask that begins with four numbers: their bytes, and where their shuffles lie. */
function writeTables(memory: Uint8Array): void {
  const words = new Uint16Array(memory.buffer, 0, 2 ** 16);
  const nothing = 255; // A shuffle's index beyond the 16 bytes gives 0.
  memory.fill(nothing, shuffles, textAt);
  for (let pattern = 0; pattern < 81; pattern++) {
    const [high, low] = [shuffles + pattern * patternBytes, shuffles + pattern * patternBytes + 16];
    let [bytes, mask] = [0, 0];
    for (let number = 0; number < 4; number++) {
      const length = 1 + (Math.floor(pattern / 3 ** number) % 3);
      if (length === 3) memory[high + 4 * number] = bytes;
      if (length >= 2) memory[high + 4 * number + 2] = bytes + length - 2;
      memory[low + 4 * number] = bytes + length - 1;
      mask |= 1 << (bytes + length);
      bytes += length + 1;
    }
    for (let rest = 0; rest < 2 ** (16 - bytes); rest++)
      words[mask | (rest << bytes)] = pattern * patternBytes + bytes;
  }
}
