/** The entry of the command line: makes it start quickly and end properly; program.ts says what can be said. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { folders } from '../service/folders.ts';

// From the second time on, loading takes half as long. Not the system's temporary folder, which others can write to.
enableCompileCache(join(folders.cache, 'compiled'));

for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read us has had enough (`fiducial runs | head -1`): that is no failure.
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });

const { CommanderError } = await import('commander');
const { program } = await import('./program.ts');
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  const answered = error.exitCode === 0; // --help and --version
  if (!answered) {
    const { reportFailure } = await import('./session.ts');
    const { Terminal } = await import('./terminal.ts');
    process.exitCode = reportFailure(error, new Terminal(process.argv.includes('--json')));
  }
}
