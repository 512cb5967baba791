/** fiducial doctor */
import type { DoctorReport } from '../../contract/doctor.ts';
import { bytes, count, counted, table } from '../format.ts';
import type { Session } from '../session.ts';

export async function doctor(session: Session): Promise<DoctorReport> {
  session.terminal.note('Looking at this machine, and training for five seconds');
  const client = await session.client();
  const report = await client.doctor(undefined, { signal: session.interrupt });
  session.terminal.print(describe(report));
  return report;
}

function describe({ versions, engines, machine, workspace, speed }: DoctorReport): string {
  return [
    table(
      ['what', 'version'],
      versions.map(({ name, version }) => [name, version]),
    ),
    table(
      ['engine', 'version', 'works'],
      engines.map(({ name, version, problem }) => [
        name,
        version ?? '–',
        problem === null ? 'yes' : `no: ${problem}`,
      ]),
    ),
    [
      `${machine.system}, ${machine.processor}, ${counted(machine.cores, 'core')}`,
      `${bytes(machine.freeMemoryBytes)} of ${bytes(machine.memoryBytes)} memory free`,
      `${bytes(workspace.freeBytes)} of disk free at ${workspace.directory}`,
    ].join('\n'),
    speed
      ? `${speed.preset} trains at ${count(Math.round(speed.imagesPerSecond))} images/s with ${speed.engine}, batches of ${speed.batchSize}.`
      : 'No engine works, so there is no speed to measure.',
  ].join('\n\n');
}
