/** The page, its pictures and the contract, on 127.0.0.1 for whoever holds the launch's token. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { securityHeaders } from '../contract/content-policy.ts';
import { systemUser } from '../service/caller.ts';
import { mediaFile } from '../service/media.ts';
import { pageFile } from '../service/page-files.ts';
import type { Service } from '../service/service.ts';
import { Guard } from './guard.ts';

export interface RunningServer {
  /** With the token. */
  readonly address: string;
  close(): Promise<void>;
}

const builtPage = fileURLToPath(new URL('../../out/renderer', import.meta.url));

/** @param port 0 for any free one. @throws when the port is taken (EADDRINUSE) */
export async function startServer(service: Service, port: number, page = builtPage): Promise<RunningServer> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const guard = new Guard((server.address() as AddressInfo).port);
  const sockets = contractSockets(service);

  server.on('request', (request, response) => {
    answer(request, response, { guard, service, page }).catch((error: unknown) => {
      process.stderr.write(`${request.method} ${request.url}: ${String(error)}\n`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const url = urlOf(request);
    if (url.pathname === '/contract' && guard.judgeUpgrade(request, url))
      sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit('connection', accepted));
    else socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
  });

  return {
    address: guard.address,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The contract over one WebSocket for each page. */
function contractSockets(service: Service): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4 * 1024 * 1024 });
  sockets.on('connection', (socket) => {
    const line = service.connect({ user: systemUser(), client: randomUUID() }, (message) => {
      socket.send(message);
    });
    socket.on('message', (data: Buffer, binary) => {
      const message = binary ? new Uint8Array(data).buffer : data.toString('utf8');
      line.receive(message).catch(() => socket.close(1007)); // no message of ours
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => line.close());
  });
  return sockets;
}

interface Site {
  readonly guard: Guard;
  readonly service: Service;
  /** The folder of the built page. */
  readonly page: string;
}

async function answer(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders())) response.setHeader(name, value);
  const url = urlOf(request);
  const verdict = site.guard.judge(request, url);
  if (verdict === 'sign-in') {
    response
      .writeHead(303, { Location: '/', 'Set-Cookie': site.guard.cookie, 'Cache-Control': 'no-store' })
      .end();
  } else if (verdict !== 'allow') {
    plain(response, verdict.refuse, verdict.why);
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    plain(response, 405, 'Only GET is answered here.');
  } else {
    const found = await find(url, site);
    if (!found) return plain(response, 404, 'There is nothing here.');
    response.writeHead(200, {
      'Content-Type': found.type,
      'Content-Length': found.body.length,
      'Cache-Control': found.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : found.body);
  }
}

async function find({ pathname, search }: URL, { service, page }: Site) {
  const [, address] = /^\/media(\/.*)$/.exec(pathname) ?? [];
  return address === undefined ? pageFile(page, pathname) : mediaFile(service.holder, address + search);
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${text}\n`);
}

/** The base is only there because a request line names no host. */
const urlOf = (request: IncomingMessage) => new URL(request.url ?? '/', 'http://127.0.0.1');
