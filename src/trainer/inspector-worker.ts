/** Entry of the process that looks into networks. The service starts it, asks it questions and ends it. */
import { InputProblem } from '../domain/problem.ts';
import type { FromInspector, ToInspector } from '../ml/inspection/messages.ts';
import { parent } from '../ml/training/parent.ts';
import { Inspector } from './inspector.ts';

/** Between two messages of progress. */
const quietMilliseconds = 200;

const inspector = new Inspector();
const underway = new Map<number, AbortController>();
const tell = (message: FromInspector) => parent.send(message);

process.on('disconnect', () => process.exit(0));

parent.listen((said) => {
  const message = said as ToInspector;
  if (message.type === 'forget') underway.get(message.id)?.abort();
  else void answer(message);
});

async function answer({ id, question }: Extract<ToInspector, { type: 'ask' }>): Promise<void> {
  const controller = new AbortController();
  underway.set(id, controller);
  let told = 0;
  const onProgress = (done: number, total: number) => {
    if (performance.now() - told < quietMilliseconds) return;
    told = performance.now();
    tell({ type: 'progress', id, done, total });
  };
  try {
    tell({
      type: 'answer',
      id,
      answer: await inspector.answer(question, { signal: controller.signal, onProgress }),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    tell({ type: 'problem', id, reason, input: error instanceof InputProblem });
  } finally {
    underway.delete(id);
  }
}
