/**
 * Who may talk to the server. Any page in a person's browser, and any name that resolves to its address, can reach it
 * too, so each request must show the address it was made for (Host), where it comes from (Origin), and a secret: once
 * as a token in the address, from then on as a cookie.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import { systemUser } from '../service/caller.ts';

/** Whom the server knows. */
export interface Users {
  userOf(token: string): string | undefined;
  /** Where a person's own token is to be found. */
  readonly whereTokensAre: string;
}

/** A session lasts as long as the token that it began with is somebody's: whoever gets another one signs in anew. */
export interface SignedIn {
  readonly user: string;
  readonly isStill: () => boolean;
}

/** What to do with a request. */
type Verdict = SignedIn | { readonly signIn: string } | { readonly refuse: 401 | 403; readonly why: string };

export class Guard {
  readonly #users: Users;
  readonly #port: number;
  readonly #hosts: ReadonlySet<string>;
  /** Tokens by the sessions that began with them. */
  readonly #sessions = new Map<string, string>();

  /** @param address what the server listens on */
  constructor(users: Users, address: string, port: number) {
    this.#users = users;
    this.#port = port;
    const names = namesOf(address).map((name) => name.toLowerCase());
    // Browsers leave the port out where it is that of every page.
    this.#hosts = new Set(names.flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]));
  }

  /** @param url the request's, against any base */
  judge({ headers, method }: IncomingMessage, url: URL): Verdict {
    const host = (headers.host ?? '').toLowerCase();
    if (!this.#hosts.has(host)) return { refuse: 403, why: 'Unknown host.' };
    if (headers.origin === undefined ? !isRead(method) : headers.origin.toLowerCase() !== `http://${host}`)
      return { refuse: 403, why: 'Requests from other pages are refused.' };
    const token = url.searchParams.get('token');
    if (url.pathname === '/' && token !== null) {
      return this.#users.userOf(token) === undefined
        ? { refuse: 401, why: 'This address is of an earlier launch, or its user was removed.' }
        : { signIn: token };
    }
    const own = this.#sessions.get(this.#cookieIn(headers.cookie));
    if (own === undefined) return { refuse: 401, why: this.#users.whereTokensAre };
    const user = this.#users.userOf(own);
    if (user === undefined)
      return { refuse: 403, why: 'This user was removed, or has another token by now.' };
    return { user, isStill: () => this.#users.userOf(own) !== undefined };
  }

  /** A WebSocket must name its origin: every browser does. @returns whose it is */
  judgeUpgrade(request: IncomingMessage, url: URL): SignedIn | undefined {
    if (request.headers.origin === undefined) return undefined;
    const verdict = this.judge(request, url);
    return 'user' in verdict ? verdict : undefined;
  }

  /** @returns the cookie of a new session. Cookies know no ports, so its name holds it: two servers must not sign each other out. */
  signIn(token: string): string {
    const session = secret();
    this.#sessions.set(session, token);
    return `${this.#cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  get #cookieName(): string {
    return `fiducial-${this.#port}`;
  }

  #cookieIn(header = ''): string {
    const pairs = header.split(';').map((pair) => pair.trim().split('='));
    return pairs.find(([name]) => name === this.#cookieName)?.[1] ?? '';
  }
}

/** The person at this machine, by the token of one launch. */
export class LaunchUser implements Users {
  readonly token = secret();
  readonly whereTokensAre = 'Open the address that the command printed: it holds a token.';
  readonly #name = systemUser();

  userOf(token: string): string | undefined {
    const [given, right] = [Buffer.from(token), Buffer.from(this.token)];
    return given.length === right.length && timingSafeEqual(given, right) ? this.#name : undefined;
  }
}

/** What a browser may call the server. A foreign name that resolves to its address is none of these. */
function namesOf(address: string): string[] {
  const interfaces = Object.values(networkInterfaces()).flatMap((of = []) =>
    of.map(({ address }) => address),
  );
  const named = isEverywhere(address) ? [...interfaces, hostname(), `${hostname()}.local`] : [address];
  return ['127.0.0.1', 'localhost', ...named.map(bracketed)];
}

/** What others call a server that listens on `address`, as far as this machine knows. */
export function nameOf(address: string): string {
  if (!isEverywhere(address)) return bracketed(address);
  const outward = Object.values(networkInterfaces())
    .flatMap((of = []) => of)
    .find(({ internal, family }) => !internal && family === 'IPv4');
  return outward?.address ?? hostname();
}

const isEverywhere = (address: string) => address === '0.0.0.0' || address === '::';

/** As it stands in a URL. */
const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);

const isRead = (method: string | undefined) => method === 'GET' || method === 'HEAD';

const secret = () => randomBytes(32).toString('base64url');
