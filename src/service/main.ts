/**
 * Entry of the desktop's service process, for the pages that main connects. Arguments: the workspace's folder, and how
 * the service before this one has ended, if it was not asked to.
 */
import { systemUser } from './caller.ts';
import type { ChildListener, StartChild } from './child.ts';
import type { FromService, ToService } from './desktop-messages.ts';
import { openLog } from './log.ts';
import { mediaFile } from './media.ts';
import { answerPort } from './message-port.ts';
import { openService } from './service.ts';

const [directory, accident] = process.argv.slice(2);
const log = openLog();
log.info({ directory }, 'The service starts.');
if (accident) log.warn(`The service before this one has ended: ${accident}.`);
const children = new Map<number, ChildListener>();
let lastChild = 0;
let retired = false;

const startChild: StartChild = (entry, log, listener) => {
  const id = ++lastChild;
  children.set(id, listener);
  tell({ type: 'start-child', id, entry, log });
  return {
    send: (message) => tell({ type: 'tell-child', id, message }),
    kill: () => tell({ type: 'kill-child', id }),
  };
};

const onTraining = (run: number | undefined) => tell({ type: 'training', run: run ?? null });

const service = openService(directory!, { startChild, canOpen: false, log, onTraining });

process.parentPort.on('message', ({ data, ports }) => {
  const message = data as ToService;
  switch (message.type) {
    case 'connect':
      retired = false;
      return answerPort(service, ports[0]!, { user: systemUser(), client: message.client });
    case 'media':
      return void sendMedia(message.id, message.address);
    case 'child-said':
      return children.get(message.id)?.message(message.message);
    case 'child-ended':
      children.get(message.id)?.end(message.how);
      children.delete(message.id);
      return;
    case 'retire':
      retired = true;
      return void service.idle().then(() => (retired ? close() : undefined));
    case 'close':
      return void close();
  }
});

tell({ type: 'ready' });

async function sendMedia(id: number, address: string): Promise<void> {
  const file = await mediaFile(service.holder, address).catch((error: unknown) => {
    log.warn({ err: error, address }, 'A picture cannot be shown.');
    return undefined;
  });
  tell({ type: 'media', id, file });
}

async function close(): Promise<void> {
  await service.close();
  log.info('The service has ended.');
  process.exit(0);
}

function tell(message: FromService): void {
  process.parentPort.postMessage(message);
}
