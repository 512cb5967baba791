/** Requests as a browser or somebody malicious would send them. fetch() would not let a test lie about Host. */
import { request } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { WebSocket } from 'ws';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Message {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer | string;
}

export function send(
  base: URL,
  path: string,
  { method = 'GET', headers = {}, body }: Message = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port: base.port,
      path,
      method,
      headers: { host: base.host, ...headers },
    };
    request(options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) }),
      );
    })
      .on('error', reject)
      .end(body);
  });
}

/** @param address with a token; @returns the cookie */
export async function signIn(address: URL): Promise<string> {
  const { headers } = await send(address, address.pathname + address.search);
  return headers['set-cookie']![0]!.split(';')[0]!;
}

/** @returns whether the server takes the WebSocket */
export function opens(base: URL, headers: Record<string, string>): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${base.port}/contract`, { headers });
    socket.on('open', () => {
      socket.close();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
