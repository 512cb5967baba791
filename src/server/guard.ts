/**
 * Who may talk to the server. It listens on this machine only, but any page in the person's browser and any name
 * that resolves to 127.0.0.1 can reach it too, so each request must show the address it was made for (Host), where
 * it comes from (Origin) and the launch's secret: once as a token in the address, from then on as a cookie.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What to do with a request. */
type Verdict = 'allow' | 'sign-in' | { readonly refuse: 401 | 403; readonly why: string };

export class Guard {
  readonly token = secret();
  readonly #session = secret();
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** The page's address, which signs the browser in. */
  get address(): string {
    return `http://127.0.0.1:${this.#port}/?token=${this.token}`;
  }

  /** Cookies know no ports, so the name holds it: two servers must not sign each other out. */
  get cookie(): string {
    return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** @param url the request's, against any base */
  judge({ headers }: IncomingMessage, url: URL): Verdict {
    if (!this.#hosts.includes(headers.host ?? '')) return { refuse: 403, why: 'Unknown host.' };
    if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`)
      return { refuse: 403, why: 'Requests from other pages are refused.' };
    const token = url.searchParams.get('token');
    if (url.pathname === '/' && token !== null)
      return same(token, this.token)
        ? 'sign-in'
        : { refuse: 401, why: 'This address is of an earlier launch.' };
    if (same(this.#cookieIn(headers.cookie), this.#session)) return 'allow';
    return { refuse: 401, why: 'Open the address that the command printed: it holds a token.' };
  }

  /** A WebSocket must name its origin: every browser does. */
  judgeUpgrade(request: IncomingMessage, url: URL): boolean {
    return request.headers.origin !== undefined && this.judge(request, url) === 'allow';
  }

  get #hosts(): string[] {
    return [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
  }

  get #cookieName(): string {
    return `fiducial-${this.#port}`;
  }

  #cookieIn(header = ''): string {
    const pairs = header.split(';').map((pair) => pair.trim().split('='));
    return pairs.find(([name]) => name === this.#cookieName)?.[1] ?? '';
  }
}

const secret = () => randomBytes(32).toString('base64url');

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
