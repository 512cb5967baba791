/** A process that labels without end and prints the number of every edit once it is acknowledged. */
import { writeSync } from 'node:fs';
import { Workspace } from '../../src/workspace/workspace.ts';

const workspace = Workspace.open(process.argv[2]!);
const [imageId] = workspace.images.ids() as [number];
for (let edit = 1; ; edit++) {
  const after = { state: 'visible', x: edit, y: -edit } as const;
  workspace.journal.apply({
    actor: { kind: 'human', name: 'ana' },
    changes: [{ imageId, keypoint: edit % 3, after }],
  });
  writeSync(1, `${edit}\n`);
}
