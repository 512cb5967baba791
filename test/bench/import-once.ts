/** Imports an archive into a new workspace: `import-once.ts ARCHIVE`. Prints seconds and peak memory as JSON. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peakMemory } from '../../src/trainer/peak-memory.ts';
import { importArchive } from '../../src/workspace/import/import.ts';
import { Workspace } from '../../src/workspace/workspace.ts';

const directory = mkdtempSync(join(tmpdir(), 'fiducial-bench-'));
const workspace = Workspace.open(directory, { create: true });
let writingSince = 0;
const begun = performance.now();
const report = await importArchive(workspace, process.argv[2]!, {
  onProgress: ({ stage }) => {
    if (stage === 'writing') writingSince = performance.now();
  },
});
const ended = performance.now();
workspace.close();
rmSync(directory, { recursive: true });
console.log(
  JSON.stringify({
    pictures: report.imagesAdded,
    seconds: (ended - begun) / 1000,
    writingSeconds: (ended - writingSince) / 1000,
    peakMegabytes: peakMemory() / 1e6,
  }),
);
