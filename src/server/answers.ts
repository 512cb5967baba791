/** What the server answers to ordinary requests: the page, its pictures, files in both directions. */
import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { securityHeaders } from '../contract/content-policy.ts';
import { logFile } from '../service/log.ts';
import { mediaFile } from '../service/media.ts';
import { pageFile } from '../service/page-files.ts';
import type { Service } from '../service/service.ts';
import type { Exchange } from './exchange.ts';
import { TooLarge } from './exchange.ts';
import type { Guard } from './guard.ts';

/** Of its end, in bytes. */
const shownOfLog = 500_000;

export interface Site {
  readonly guard: Guard;
  readonly service: Service;
  readonly exchange: Exchange;
  /** The folder of the built page. */
  readonly page: string;
  /** Not to a team: it names files of this machine. */
  readonly showsLog: boolean;
}

export async function answer(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders())) response.setHeader(name, value);
  const url = urlOf(request);
  const verdict = site.guard.judge(request, url);
  if ('signIn' in verdict) {
    signIn(request, response, site.guard.signIn(verdict.signIn));
  } else if ('refuse' in verdict) plain(response, verdict.refuse, verdict.why);
  else if (request.method === 'POST' && url.pathname === '/upload')
    await upload(request, response, url, site);
  else if (request.method !== 'GET' && request.method !== 'HEAD')
    plain(response, 405, 'Only GET is answered here.');
  else if (url.pathname === '/log' && site.showsLog) await showLog(response);
  else if (url.pathname.startsWith('/download/')) await download(response, url, site);
  else await show(request, response, url, site);
}

/**
 * On to the page, without the token in its address. The cookie does not go along where another site's page led here, in
 * webmail say: a page of this one goes on then, and where the browser does not tell who led here.
 */
function signIn({ headers }: IncomingMessage, response: ServerResponse, cookie: string): void {
  const common = { 'Set-Cookie': cookie, 'Cache-Control': 'no-store' };
  const isOwnWay = headers['sec-fetch-site'] !== undefined && headers['sec-fetch-site'] !== 'cross-site';
  if (isOwnWay) response.writeHead(303, { Location: '/', ...common }).end();
  else
    response
      .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...common })
      .end('<!doctype html><meta http-equiv="refresh" content="0; url=/"><title>Fiducial</title>');
}

/** A request line names no host, and somebody malicious writes there what is no address at all. */
export function urlOf({ url = '/' }: IncomingMessage): URL {
  return URL.parse(`http://127.0.0.1${url}`) ?? new URL('http://127.0.0.1/nothing');
}

async function show(request: IncomingMessage, response: ServerResponse, url: URL, site: Site): Promise<void> {
  const { service, page } = site;
  const [, address] = /^\/media(\/.*)$/.exec(url.pathname) ?? [];
  const found =
    address === undefined
      ? await pageFile(page, url.pathname)
      : await mediaFile(service.holder, address + url.search);
  if (!found) return plain(response, 404, 'There is nothing here.');
  response.writeHead(200, {
    'Content-Type': found.type,
    'Content-Length': found.body.length,
    'Cache-Control': found.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : found.body);
}

/** `POST /upload?name=faces.zip` with the file as its body; answers what to call it in the contract. */
async function upload(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  { exchange }: Site,
): Promise<void> {
  try {
    const path = await exchange.take(url.searchParams.get('name') ?? '', request);
    if (path === undefined) return plain(response, 400, 'A file of this name is not taken.');
    plain(response, 200, path);
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    response.setHeader('Connection', 'close');
    plain(response, 413, 'This file is larger than the server takes.');
  }
}

/** `GET /download/ID/NAME`: what the contract was asked to write to `download:ID/NAME`. */
async function download(response: ServerResponse, url: URL, { exchange }: Site): Promise<void> {
  const [id, name] = url.pathname.slice('/download/'.length).split('/');
  const file = exchange.give(id ?? '', name ?? '');
  if (!file) return plain(response, 404, 'There is no such download, or it was fetched already.');
  response.writeHead(200, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': file.size,
    'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
    'Cache-Control': 'no-store',
  });
  await pipeline(file.content, response);
}

/** Its end, as text. */
async function showLog(response: ServerResponse): Promise<void> {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size;
  if (size === undefined) return plain(response, 404, `There is no log yet at ${logFile}.`);
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.write(`${logFile}\n\n`);
  await pipeline(createReadStream(logFile, { start: Math.max(0, size - shownOfLog) }), response);
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${text}\n`);
}
