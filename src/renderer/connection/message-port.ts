/** To the service of the desktop app, over a port that main hands to this page. */
import { RPCLink } from '@orpc/client/message-port';
import type { Desktop } from '../../contract/desktop.ts';
import { servicePortMessage } from '../../contract/desktop.ts';
import { setPicturesAddress } from '../pictures.ts';
import type { Connect } from './reconnecting-link.ts';
import { ConnectionRefused } from './reconnecting-link.ts';

export const connectMessagePort =
  (desktop: Desktop): Connect =>
  async (onLost) => {
    const waiting = new AbortController();
    const arrival = nextPort(waiting.signal);
    const media = await desktop.connect().catch((error: Error) => {
      waiting.abort();
      throw new ConnectionRefused(error.message);
    });
    setPicturesAddress(media);
    const port = await arrival;
    port.addEventListener('close', onLost); // Electron's own: the other end has gone
    // The service hears at once that this page goes. (Older Electrons crash on a port left open: electron#41201.)
    const leave = () => {
      port.removeEventListener('close', onLost);
      port.close();
    };
    window.addEventListener('pagehide', leave, { once: true });
    const link = new RPCLink({ port });
    port.start();
    return link;
  };

/** The port does not come through the bridge, which cannot carry one, but as a message of the window to itself. */
function nextPort(signal: AbortSignal): Promise<MessagePort> {
  return new Promise((resolve) => {
    const take = ({ source, data, ports }: MessageEvent) => {
      if (source !== window || data !== servicePortMessage) return;
      window.removeEventListener('message', take);
      resolve(ports[0]!);
    };
    window.addEventListener('message', take, { signal });
  });
}
