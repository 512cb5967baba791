/** Whether onnxruntime reads and writes memory that threads share. */
import { Graph } from './graph.ts';
import { sessionOptions } from './session-options.ts';

let known: Promise<boolean> | undefined;

/** It does where Node-API takes views of shared memory for arrays, as in Node 24. Asks once in a process. */
export function takesSharedMemory(): Promise<boolean> {
  known ??= negate().catch(() => false);
  return known;
}

async function negate(): Promise<boolean> {
  const { default: runtime } = await import('onnxruntime-node');
  const graph = new Graph();
  graph.output('negative', graph.op('Neg', [graph.input('number', [1])]), [1]);
  const session = await runtime.InferenceSession.create(await graph.encode(), sessionOptions(1));
  const shared = () => new Float32Array(new SharedArrayBuffer(Float32Array.BYTES_PER_ELEMENT));
  const [number, negative] = [shared().fill(1), shared()];
  await session.run(
    { number: new runtime.Tensor('float32', number, [1]) },
    { negative: new runtime.Tensor('float32', negative, [1]) },
  );
  await session.release();
  return negative[0] === -1;
}
