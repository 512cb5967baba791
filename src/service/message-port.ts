/** The contract over a message port, as main hands it to the service's process. */
import type { Caller } from './caller.ts';
import type { Service } from './service.ts';

/** What is used of Electron's MessagePortMain. */
export interface Port {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/** Answers until the other end is closed. A message that is none of the contract's closes this port, and harms no other. */
export function answerPort(service: Service, port: Port, caller: Caller): void {
  const line = service.connect(caller, (message) => port.postMessage(message));
  port.on('message', ({ data }) => {
    line.receive(data as string | ArrayBuffer).catch(() => port.close());
  });
  port.on('close', () => line.close());
  port.start();
}
