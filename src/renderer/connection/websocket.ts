/** To the server that has sent this page, over a WebSocket. */
import { RPCLink } from '@orpc/client/websocket';
import type { Connect } from './reconnecting-link.ts';
import { ConnectionRefused } from './reconnecting-link.ts';

/** Without an answer for so long, it will not come; in milliseconds. */
const patience = 5_000;

export const connectWebSocket: Connect = async (onLost) => {
  const websocket = new WebSocket(`ws://${location.host}/contract`);
  const opened = await new Promise<boolean>((resolve) => {
    const late = setTimeout(() => websocket.close(), patience);
    websocket.addEventListener('open', () => {
      clearTimeout(late);
      resolve(true);
    });
    websocket.addEventListener('close', () => {
      clearTimeout(late);
      resolve(false);
      onLost();
    });
  });
  if (opened) return new RPCLink({ websocket });
  throw await reasonOf();
};

/** A browser does not tell why a WebSocket did not open; an ordinary request does. */
async function reasonOf(): Promise<Error> {
  const answer = await fetch('/', { method: 'HEAD', signal: AbortSignal.timeout(patience) });
  if (answer.status === 403)
    return new ConnectionRefused(
      'You are no longer among the users of this workspace. Ask whoever runs the server.',
    );
  if (answer.status === 401)
    return new ConnectionRefused(
      'The server was started anew. Open its address with your token in a new tab: edits made here are stored when it is open.',
    );
  return new Error(`The server does not take WebSockets now; it answers ${answer.status}.`);
}
