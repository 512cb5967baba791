/** The named users of a workspace that a team shares, in a file beside its database. Of their tokens only hashes are kept. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputProblem } from '../domain/problem.ts';

export interface Member {
  readonly name: string;
  readonly tokenHash: string;
  readonly since: string;
}

/** Letters may carry marks: those of many scripts do. */
const namePattern = /^(?=.{1,40}$)[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]*(?<![ ._-])$/u;

export class Team {
  readonly whereTokensAre =
    'Open the address with ?token= and your own token behind it. Who runs the server gives it to you once: fiducial users add.';
  readonly #file: string;
  #members: readonly Member[] = [];
  #readAt = -1;

  /** @param directory the workspace's folder, which need not be there yet */
  constructor(directory: string) {
    this.#file = join(directory, 'users.json');
  }

  /** In the order in which they were added, as the file says now. */
  get members(): readonly Member[] {
    const modified = statSync(this.#file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (modified !== this.#readAt) {
      this.#members = modified === 0 ? [] : (JSON.parse(readFileSync(this.#file, 'utf8')) as Member[]);
      this.#readAt = modified;
    }
    return this.#members;
  }

  /** @returns the new user's token, which is kept nowhere. @throws InputProblem for a name that is taken or is none */
  add(name: string): string {
    if (!namePattern.test(name))
      throw new InputProblem('This cannot be a user’s name.', {
        found: name,
        expected: 'up to 40 letters, digits, spaces, dots, hyphens or underscores',
      });
    const taken = this.members.find((member) => member.name.toLowerCase() === name.toLowerCase());
    if (taken)
      throw new InputProblem(`There is a user ${taken.name} already.`, {
        hint: `For a new token, remove the user first: fiducial users remove ${JSON.stringify(taken.name)}. Labels keep their author.`,
      });
    const token = randomBytes(32).toString('base64url');
    this.#write([...this.members, { name, tokenHash: hash(token), since: new Date().toISOString() }]);
    return token;
  }

  /** @throws InputProblem when there is no such user */
  remove(name: string): void {
    if (!this.has(name))
      throw new InputProblem(`There is no user ${name}.`, { hint: 'List them: fiducial users list' });
    this.#write(this.members.filter((member) => member.name !== name));
  }

  has(name: string): boolean {
    return this.members.some((member) => member.name === name);
  }

  /** @returns whose token it is. What is compared are hashes, so that time tells nothing about a token. */
  userOf(token: string): string | undefined {
    const tokenHash = hash(token);
    return this.members.find((member) => member.tokenHash === tokenHash)?.name;
  }

  #write(members: readonly Member[]): void {
    mkdirSync(join(this.#file, '..'), { recursive: true });
    writeFileSync(`${this.#file}.new`, JSON.stringify(members, null, 2), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
    this.#readAt = -1;
  }
}

const hash = (token: string) => createHash('sha256').update(token).digest('base64url');
