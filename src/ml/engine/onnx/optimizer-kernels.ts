/**
 * The update rules as WebAssembly, four parameters at a time: one pass over memory, where a graph of operators takes
 * ten. The text below is compiled when an engine first trains.
 */
import { assemble } from '../../assemble.ts';

/** Each runs over `count` elements (a multiple of 4) from the byte addresses of the parameter, its gradient and its slots. */
export interface OptimizerKernels {
  /** m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; p = keep p - rate m / (sqrt(v) + epsilon), with g + l2 p for g. */
  adam(
    p: number,
    g: number,
    m: number,
    v: number,
    count: number,
    beta1: number,
    beta2: number,
    rate: number,
    epsilon: number,
    l2: number,
    keep: number,
  ): void;
  /** v = momentum v + g; p -= rate (g + momentum v), with g + l2 p for g. */
  sgd(p: number, g: number, v: number, count: number, momentum: number, rate: number, l2: number): void;
  /** a += b */
  add(a: number, b: number, count: number): void;
}

const source = (shared: boolean) => `
(module
  (import "engine" "memory" (memory 1 65536 ${shared ? 'shared' : ''}))

  (func (export "adam")
    (param $p i32) (param $g i32) (param $m i32) (param $v i32) (param $count i32)
    (param $beta1 f32) (param $beta2 f32) (param $rate f32) (param $epsilon f32) (param $l2 f32) (param $keep f32)
    (local $gradient v128) (local $parameter v128) (local $first v128) (local $second v128)
    (block $end
      (loop $next
        (br_if $end (i32.eqz (local.get $count)))
        (local.set $parameter (v128.load (local.get $p)))
        (local.set $gradient
          (f32x4.add (v128.load (local.get $g)) (f32x4.mul (f32x4.splat (local.get $l2)) (local.get $parameter))))
        (local.set $first
          (f32x4.add
            (f32x4.mul (f32x4.splat (local.get $beta1)) (v128.load (local.get $m)))
            (f32x4.mul (f32x4.splat (f32.sub (f32.const 1) (local.get $beta1))) (local.get $gradient))))
        (local.set $second
          (f32x4.add
            (f32x4.mul (f32x4.splat (local.get $beta2)) (v128.load (local.get $v)))
            (f32x4.mul
              (f32x4.splat (f32.sub (f32.const 1) (local.get $beta2)))
              (f32x4.mul (local.get $gradient) (local.get $gradient)))))
        (v128.store (local.get $m) (local.get $first))
        (v128.store (local.get $v) (local.get $second))
        (v128.store (local.get $p)
          (f32x4.sub
            (f32x4.mul (f32x4.splat (local.get $keep)) (local.get $parameter))
            (f32x4.div
              (f32x4.mul (f32x4.splat (local.get $rate)) (local.get $first))
              (f32x4.add (f32x4.sqrt (local.get $second)) (f32x4.splat (local.get $epsilon))))))
        (local.set $p (i32.add (local.get $p) (i32.const 16)))
        (local.set $g (i32.add (local.get $g) (i32.const 16)))
        (local.set $m (i32.add (local.get $m) (i32.const 16)))
        (local.set $v (i32.add (local.get $v) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $next))))

  (func (export "sgd")
    (param $p i32) (param $g i32) (param $v i32) (param $count i32)
    (param $momentum f32) (param $rate f32) (param $l2 f32)
    (local $gradient v128) (local $parameter v128) (local $velocity v128)
    (block $end
      (loop $next
        (br_if $end (i32.eqz (local.get $count)))
        (local.set $parameter (v128.load (local.get $p)))
        (local.set $gradient
          (f32x4.add (v128.load (local.get $g)) (f32x4.mul (f32x4.splat (local.get $l2)) (local.get $parameter))))
        (local.set $velocity
          (f32x4.add
            (f32x4.mul (f32x4.splat (local.get $momentum)) (v128.load (local.get $v)))
            (local.get $gradient)))
        (v128.store (local.get $v) (local.get $velocity))
        (v128.store (local.get $p)
          (f32x4.sub
            (local.get $parameter)
            (f32x4.mul
              (f32x4.splat (local.get $rate))
              (f32x4.add
                (local.get $gradient)
                (f32x4.mul (f32x4.splat (local.get $momentum)) (local.get $velocity))))))
        (local.set $p (i32.add (local.get $p) (i32.const 16)))
        (local.set $g (i32.add (local.get $g) (i32.const 16)))
        (local.set $v (i32.add (local.get $v) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $next))))

  (func (export "add") (param $a i32) (param $b i32) (param $count i32)
    (block $end
      (loop $next
        (br_if $end (i32.eqz (local.get $count)))
        (v128.store (local.get $a) (f32x4.add (v128.load (local.get $a)) (v128.load (local.get $b))))
        (local.set $a (i32.add (local.get $a) (i32.const 16)))
        (local.set $b (i32.add (local.get $b) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $next))))
)`;

const compiled = new Map<boolean, Promise<WebAssembly.Module>>();

/** For memory that threads share or that is one thread's own. Compiles once in a process. */
export function compileKernels(shared: boolean): Promise<WebAssembly.Module> {
  const known = compiled.get(shared) ?? assemble(source(shared), { simd: true, threads: true });
  compiled.set(shared, known);
  return known;
}

export async function instantiateKernels(
  kernels: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<OptimizerKernels> {
  const instance = await WebAssembly.instantiate(kernels, { engine: { memory } });
  return instance.exports as unknown as OptimizerKernels;
}
