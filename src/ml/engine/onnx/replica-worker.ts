/** The thread of a replica: answers each order with its part of the loss. */
import { parentPort, workerData } from 'node:worker_threads';
import { createReplica, type ReplicaTask, type StepOrder } from './replica.ts';

const replica = await createReplica(workerData as ReplicaTask);
parentPort!.on('message', (order: StepOrder | 'end') => {
  if (order === 'end') void replica.dispose().then(() => parentPort!.close());
  else void replica.step(order).then((loss) => parentPort!.postMessage(loss));
});
