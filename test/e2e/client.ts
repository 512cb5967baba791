/** Somebody else at the same server, who needs no page. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import type { Client } from '../../src/service/service.ts';

/** @param address with the token */
export async function connectClient(address: string): Promise<{ client: Client; close: () => void }> {
  const { origin } = new URL(address);
  const signIn = await fetch(address, { redirect: 'manual' });
  const cookie = signIn.headers.get('set-cookie')!.split(';')[0]!;
  const websocket = new WebSocket(`${origin.replace('http', 'ws')}/contract`, {
    headers: { cookie, origin },
  });
  const link = new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket });
  return { client: createORPCClient<Client>(link), close: () => websocket.close() };
}
