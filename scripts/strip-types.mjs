// `strip-types.mjs OUT`: the service and the training processes as JavaScript below OUT, file by file, for Electron,
// whose Node reads no TypeScript. Run by Node 24, which has what it takes.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './setup.mjs';

const [, , out] = process.argv;
const folders = ['contract', 'domain', 'ml', 'service', 'trainer', 'workspace'];

for (const folder of folders) {
  rmSync(join(out, folder), { recursive: true, force: true });
  for (const file of readdirSync(join(root, 'src', folder), { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const code = stripTypeScriptTypes(readFileSync(join(root, 'src', folder, file), 'utf8'));
    const target = join(out, folder, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    // Every relative path to another file, in imports and in new URL(…, import.meta.url).
    writeFileSync(target, code.replace(/(['"])(\.\.?\/[^'"]*)\.ts\1/g, '$1$2.js$1'));
  }
}
