/** A service on drawn faces, by default those of the sample, in a folder that goes when it is closed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openService } from '../../src/service/service.ts';
import { writeSampleArchive } from '../../src/workspace/sample/sample.ts';

export async function openSample(size: Parameters<typeof writeSampleArchive>[1] = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'fiducial-bench-'));
  const service = openService(join(folder, 'workspace'));
  const { client } = service;
  const archive = join(folder, 'faces.zip');
  await writeSampleArchive(archive, size);
  for await (const _event of await client.imports.run({ path: archive })) void _event;
  return {
    client,
    directory: join(folder, 'workspace'),
    /** Ends the service, so that another process may have the workspace. */
    leave: () => service.close(),
    async close() {
      await service.close();
      rmSync(folder, { recursive: true });
    },
  };
}
