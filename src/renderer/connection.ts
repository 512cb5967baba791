/** The service at the other end of the page's WebSocket. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../contract/contract.ts';

const websocket = new WebSocket(`ws://${location.host}/contract`);

export const service: ContractRouterClient<typeof contract> = createORPCClient(new RPCLink({ websocket }));

/** Resolves when the server has gone. */
export const disconnected = new Promise<void>((resolve) => {
  websocket.addEventListener('close', () => resolve());
});
