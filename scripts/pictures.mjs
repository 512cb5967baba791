// `npm run pictures`: takes pictures of every screen on the sample faces, in light and dark and in two sizes, into
// pictures/, to be looked at. It fails where text is cut off.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { node24, root, setUp } from './setup.mjs';

setUp();
build();
const { status } = spawnSync(node24, [join(root, 'test/pictures/take.ts'), join(root, 'pictures')], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
