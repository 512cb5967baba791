// `npm run bench [-- NAME...] [-- --json]`: runs the benchmarks of test/bench whose names start with a NAME, or all.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { node24, root, setUp } from './setup.mjs';

setUp();
const folder = join(root, 'test/bench');
const json = process.argv.includes('--json');
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const benchmarks = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))
  .filter((name) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)));
if (benchmarks.length === 0) {
  console.error(`No benchmark in test/bench starts with ${wanted.join(' or ')}.`);
  process.exit(2);
}

const document = {};
for (const name of benchmarks) {
  if (!json) console.log(`\n== ${name}`);
  const { status, stdout } = spawnSync(
    node24,
    [join(folder, `${name}.bench.ts`), ...(json ? ['--json'] : [])],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', json ? 'pipe' : 'inherit', 'inherit'],
    },
  );
  if (status !== 0) process.exitCode = 1;
  else if (json) document[name] = JSON.parse(stdout);
}
if (json) console.log(JSON.stringify(document, null, 2));
