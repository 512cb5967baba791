/** How onnxruntime runs graphs here. */
import type { InferenceSession } from 'onnxruntime-node';

/** Who computes operators: the processor, or a graphics card by way of WebGPU. */
export type Provider = 'cpu' | 'webgpu';

export function sessionOptions(threads: number, provider: Provider = 'cpu'): InferenceSession.SessionOptions {
  if (provider === 'webgpu')
    return {
      executionProviders: ['webgpu'],
      // Beyond this level, operators become others that the card has none of.
      graphOptimizationLevel: 'basic',
      // An operator that would be computed on the processor is an error.
      extra: { session: { disable_cpu_ep_fallback: '1' } },
      logSeverityLevel: 3,
    };
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // A plan of all the memory is made after the first run, and takes its place beside what that run took.
    enableMemPattern: false,
    // A thread waits in a loop for as long as the next operator is likely to come, then sleeps: without the loop training is
    // a tenth slower, and with an endless one it loses half beside the threads that prepare batches.
    extra: { session: { intra_op: { allow_spinning: '1', spin_duration_us: '200' } } },
    logSeverityLevel: 3,
  };
}
