/** What the app was started with. */
import { resolve } from 'node:path';

export interface StartedWith {
  /** As named by --workspace. */
  readonly workspace?: string;
  /** Paths to open. */
  readonly paths: readonly string[];
}

/**
 * @param argv what follows the program (and, in development, the app's folder)
 * @param cwd what relative paths are relative to
 */
export function startedWith(argv: readonly string[], cwd: string): StartedWith {
  const paths: string[] = [];
  let workspace: string | undefined;
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    if (argument === '--workspace' && argv[i + 1] !== undefined) workspace = resolve(cwd, argv[++i]!);
    else if (argument.startsWith('--workspace='))
      workspace = resolve(cwd, argument.slice('--workspace='.length));
    else if (!argument.startsWith('-')) paths.push(resolve(cwd, argument));
  }
  return { ...(workspace === undefined ? {} : { workspace }), paths };
}
