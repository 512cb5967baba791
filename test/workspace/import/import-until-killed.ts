/** Imports, says when it is in the midst of it, and waits there: `import-until-killed.ts WORKSPACE ARCHIVE reading|writing`. */
import { writeSync } from 'node:fs';
import { importArchive } from '../../../src/workspace/import/import.ts';
import { Workspace } from '../../../src/workspace/workspace.ts';

const [directory, archive, stage] = process.argv.slice(2) as [string, string, string];
const workspace = Workspace.open(directory);

function waitForTheEnd(): never {
  writeSync(1, 'now');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  throw new Error('This process was to be killed.');
}

// Labels are written last, when the pictures are in the database already.
if (stage === 'writing') workspace.journal.apply = waitForTheEnd;
await importArchive(workspace, archive, {
  onProgress: ({ rows }) => {
    if (stage === 'reading' && rows > 20) waitForTheEnd();
  },
});
