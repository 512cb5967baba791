/** fiducial users add | list | remove: who may come to `serve --listen`. */
import { Team } from '../../service/team.ts';
import { moment, table } from '../format.ts';
import type { Session } from '../session.ts';

/** The token goes to standard output alone, so that a script can take it; it cannot be shown a second time. */
export function addUser({ directory, terminal }: Session, name: string) {
  const token = new Team(directory).add(name);
  terminal.note(
    `${name} opens the address that "fiducial serve --listen" prints, with ?token= and this behind it:`,
  );
  terminal.print(token);
  terminal.note('It is not shown again.');
  return { name, token };
}

export function listUsers({ directory, terminal }: Session) {
  const users = new Team(directory).members.map(({ name, since }) => ({ name, since }));
  const rows = users.map(({ name, since }) => [name, moment(since)]);
  terminal.print(users.length === 0 ? 'There is no user yet.' : table(['user', 'since'], rows));
  return { users };
}

/** Takes effect at once, also on pages that are open. */
export function removeUser({ directory, terminal }: Session, name: string) {
  new Team(directory).remove(name);
  terminal.print(`${name} is let in no more. Labels keep their author.`);
  return { name };
}
