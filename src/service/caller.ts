/** Who asks: every procedure is told, so that a label carries its author and a client is not told of its own change. */
import { userInfo } from 'node:os';

export interface Caller {
  /** Whom labels are due to: the system's user, or one of a team's named users. */
  readonly user: string;
  /** The connection, different for each. */
  readonly client: string;
}

/** The user of the operating system. */
export function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? process.env['USERNAME'] ?? 'unknown'; // a container's user id without a name
  }
}
