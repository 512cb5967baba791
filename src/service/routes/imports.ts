/** Bringing data in: tables that somebody has, or faces drawn for whoever has none. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readable, writable } from '../caller.ts';
import type { Imports } from '../importing.ts';
import { explainingEach } from '../problems.ts';
import { procedures } from '../procedures.ts';

export function importRoutes(imports: Imports) {
  return {
    run: procedures.imports.run.handler(({ context, input: { path, groupColumn }, signal }) => {
      const file = readable(context, path);
      const name = basename(path);
      const events = imports.start(name, signal, async (workspace, options) => {
        const { importArchive } = await import('../../workspace/import/import.ts');
        // Where a file that was sent is kept says nothing to whoever has sent it.
        return importArchive(workspace, file, {
          ...options,
          groupColumn,
          shownAs: file === path ? path : name,
        });
      });
      return explainingEach(events);
    }),
    watch: procedures.imports.watch.handler(({ signal }) => explainingEach(imports.watch(signal))),
    cancel: procedures.imports.cancel.handler(() => imports.cancel()),
  };
}

export function sampleRoutes(imports: Imports) {
  return {
    write: procedures.sample.write.handler(async ({ context, input }) => {
      const { writeSample } = await import('../exports.ts');
      return writeSample(writable(context, input.out), input.seed);
    }),
    /** An archive that is drawn, imported and thrown away. */
    import: procedures.sample.import.handler(({ signal }) => {
      const events = imports.start('the sample faces', signal, async (workspace, options) => {
        const [{ writeSampleArchive }, { importArchive }] = await Promise.all([
          import('../../workspace/sample/sample.ts'),
          import('../../workspace/import/import.ts'),
        ]);
        const folder = await mkdtemp(join(tmpdir(), 'fiducial-sample-'));
        try {
          const archive = join(folder, 'sample-faces.zip');
          await writeSampleArchive(archive);
          return await importArchive(workspace, archive, { ...options, shownAs: 'the sample faces' });
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      });
      return explainingEach(events);
    }),
  };
}
