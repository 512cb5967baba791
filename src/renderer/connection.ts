/** The service, over whichever way this page has to it, and whether that way is open. */
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { createSubscriber } from 'svelte/reactivity';
import type { contract } from '../contract/contract.ts';
import type { Desktop } from '../contract/desktop.ts';
import { connectMessagePort } from './connection/message-port.ts';
import { ReconnectingLink } from './connection/reconnecting-link.ts';
import { connectWebSocket } from './connection/websocket.ts';

export { ConnectionLost } from './connection/reconnecting-link.ts';

declare global {
  interface Window {
    /** In the desktop app only. */
    readonly desktop?: Desktop;
  }
}

const link = new ReconnectingLink(window.desktop ? connectMessagePort(window.desktop) : connectWebSocket);

/**
 * The contract's procedures. One that is under way when the connection breaks throws ConnectionLost: ask it again.
 * One that is called while the connection is being made anew waits for it.
 */
export const service: ContractRouterClient<typeof contract> = createORPCClient(link);

const subscribe = createSubscriber((update) => link.onStatus(update));

/** Reactive: whoever reads it in an effect or a template sees it change. */
export const connection = {
  get status() {
    subscribe();
    return link.status;
  },
  /** Why it is gone, where that is known. */
  get reason() {
    subscribe();
    return link.reason;
  },
};
