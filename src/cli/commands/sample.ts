/** fiducial sample OUT.zip */
import { bytes } from '../format.ts';
import type { Session } from '../session.ts';

export async function sample(session: Session, out: string, { seed }: { seed?: number }) {
  session.terminal.note(`Drawing faces for ${out}`);
  const client = await session.client();
  const written = await client.sample.write({ out, ...(seed === undefined ? {} : { seed }) });
  session.terminal.print(`Wrote ${written.path} (${bytes(written.bytes)}). Next: fiducial import ${out}`);
  return { written };
}
