/** The process that looks into networks: started by the first question, ended when nobody has asked for a while. */
import { InputProblem } from '../domain/problem.ts';
import type { Answers, FromInspector, Question, ToInspector } from '../ml/inspection/messages.ts';
import { type Child, programs, type StartChild } from './child.ts';
import { failed } from './problems.ts';

/** In milliseconds. Its networks take memory. */
const patience = 120_000;

interface Asked {
  resolve(answer: Answers[Question['ask']]): void;
  reject(error: unknown): void;
  readonly onProgress: (done: number, total: number) => void;
}

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

export class InspectorProcess {
  readonly #startChild: StartChild;
  readonly #asked = new Map<number, Asked>();
  #child: Child | undefined;
  #leaving: NodeJS.Timeout | undefined;
  #last = 0;

  constructor(startChild: StartChild) {
    this.#startChild = startChild;
  }

  /** @throws InputProblem as the process found it; FAILED when it failed for another reason; the signal's reason */
  async ask<Q extends Question>(
    question: Q,
    { signal, onProgress = () => undefined }: AskOptions = {},
  ): Promise<Answers[Q['ask']]> {
    signal?.throwIfAborted();
    const id = ++this.#last;
    const child = this.#awake();
    const forget = () => child.send({ type: 'forget', id } satisfies ToInspector);
    signal?.addEventListener('abort', forget);
    try {
      const answer = new Promise<Answers[Question['ask']]>((resolve, reject) => {
        this.#asked.set(id, { resolve, reject, onProgress });
        child.send({ type: 'ask', id, question } satisfies ToInspector);
      });
      return (await answer) as Answers[Q['ask']];
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', forget);
      this.#asked.delete(id);
      if (this.#asked.size === 0) this.#leaveLater();
    }
  }

  close(): void {
    clearTimeout(this.#leaving);
    this.#child?.kill();
    this.#child = undefined;
  }

  #awake(): Child {
    clearTimeout(this.#leaving);
    if (this.#child) return this.#child;
    const child = this.#startChild(programs.inspector, null, {
      message: (said) => this.#hear(said as FromInspector),
      end: (how) => {
        if (this.#child !== child && this.#child) return;
        this.#child = undefined;
        const error = failed(`The process that looks into networks ${how ?? 'has ended'}.`);
        for (const { reject } of this.#asked.values()) reject(error);
      },
    });
    return (this.#child = child);
  }

  #hear(message: FromInspector): void {
    const asked = this.#asked.get(message.id);
    if (message.type === 'progress') asked?.onProgress(message.done, message.total);
    else if (message.type === 'answer') asked?.resolve(message.answer);
    else asked?.reject(message.input ? new InputProblem(message.reason) : failed(message.reason));
  }

  #leaveLater(): void {
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => this.close(), patience).unref();
  }
}
