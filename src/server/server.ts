/** The page, its pictures and the contract over HTTP: for the person at this machine, or for a team's named users. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { WebSocket, WebSocketServer } from 'ws';
import type { Files } from '../service/caller.ts';
import { refusePath } from '../service/caller.ts';
import type { Log } from '../service/log.ts';
import type { Service } from '../service/service.ts';
import type { Team } from '../service/team.ts';
import { answer, urlOf } from './answers.ts';
import { Exchange } from './exchange.ts';
import { Guard, LaunchUser, nameOf, type SignedIn } from './guard.ts';

export interface RunningServer {
  /** With the token, where there is only one. */
  readonly address: string;
  close(): Promise<void>;
}

interface ServerOptions {
  /** By default any free one. */
  readonly port?: number;
  /** Who may come from elsewhere, and the address of this machine that they come to. */
  readonly team?: { readonly members: Team; readonly listen: string };
  /** The folder of the built page. */
  readonly page?: string;
  readonly log?: Log;
}

const builtPage = fileURLToPath(new URL('../../out/renderer', import.meta.url));

/** How often it is looked whether pages are still there and their users still known, in milliseconds. */
const heartbeat = 15_000;

/** @throws when the port is taken (EADDRINUSE) or the address is none of this machine's (EADDRNOTAVAIL) */
export async function startServer(
  service: Service,
  { port = 0, team, page = builtPage, log }: ServerOptions = {},
): Promise<RunningServer> {
  const listen = team?.listen ?? '127.0.0.1';
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, listen, resolve);
  });
  const launch = new LaunchUser();
  const actualPort = (server.address() as AddressInfo).port;
  const guard = new Guard(team?.members ?? launch, listen, actualPort);
  const exchange = new Exchange();
  const contract = contractSockets(service, exchange.files(team ? refusePath : (path) => path));

  const site = { guard, service, exchange, page, showsLog: !team };
  server.on('request', (request, response) => {
    answer(request, response, site).catch((error: unknown) => {
      log?.error(
        { err: error, method: request.method, url: urlOf(request).pathname },
        'A request has failed.',
      );
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy()); // whoever hangs up in the middle ends nothing but this
    const url = urlOf(request);
    const who = url.pathname === '/contract' ? guard.judgeUpgrade(request, url) : undefined;
    if (who === undefined) socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    else contract.sockets.handleUpgrade(request, socket, head, (accepted) => contract.accept(accepted, who));
  });

  const origin = `http://${nameOf(listen)}:${actualPort}/`;
  return {
    address: team ? origin : `${origin}?token=${launch.token}`,
    async close() {
      contract.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      exchange.close();
    },
  };
}

/** The contract over one WebSocket for each page. */
function contractSockets(service: Service, files: Files) {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4 * 1024 * 1024 });
  const silent = new WeakSet<WebSocket>();
  const signedIn = new WeakMap<WebSocket, SignedIn>();

  const beat = setInterval(() => {
    for (const socket of sockets.clients) {
      if (silent.has(socket) || !signedIn.get(socket)!.isStill()) socket.terminate();
      silent.add(socket);
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    }
  }, heartbeat);

  return {
    sockets,
    accept(socket: WebSocket, who: SignedIn): void {
      signedIn.set(socket, who);
      const line = service.connect({ user: who.user, client: randomUUID(), files }, (message) => {
        if (who.isStill()) socket.send(message);
        else socket.terminate();
      });
      socket.on('message', (data: Buffer, binary) => {
        const message = binary ? new Uint8Array(data).buffer : data.toString('utf8');
        if (who.isStill())
          line.receive(message).catch(() => socket.close(1007)); // no message of ours
        else socket.terminate();
      });
      socket.on('pong', () => silent.delete(socket));
      socket.on('error', () => socket.terminate());
      socket.on('close', () => line.close());
    },
    close(): void {
      clearInterval(beat);
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}
