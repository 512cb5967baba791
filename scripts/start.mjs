// `npm start`: sets up, builds what changed, and opens the app.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { node24, root, setUp } from './setup.mjs';

setUp();
build();
const server = spawn(node24, [join(root, 'src/server/main.ts'), '--open', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// A terminal sends Ctrl+C to both: the server ends cleanly, this process waits for it.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => server.kill('SIGTERM'));
server.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
