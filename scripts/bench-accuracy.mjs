// `npm run bench:accuracy -- [NAME...]`: trains recipes on the real data and says how good each is. Takes hours.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { node24, root, setUp } from './setup.mjs';

setUp();
const { status } = spawnSync(node24, [join(root, 'test/bench/accuracy/main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
