import type * as OnnxRuntime from 'onnxruntime-node';

/** onnxruntime-node returns a copy of every output, even of one that it has written where it was told to. They pile up until garbage is collected. */
export function free(copies: Record<string, OnnxRuntime.Tensor>): void {
  for (const { data } of Object.values(copies)) (data as Float32Array<ArrayBuffer>).buffer.transfer(0);
}
