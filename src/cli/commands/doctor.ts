/** fiducial doctor */
import type { DoctorReport } from '../../contract/doctor.ts';
import { bytes, count, counted, table } from '../format.ts';
import type { Session } from '../session.ts';

export async function doctor(session: Session): Promise<DoctorReport> {
  session.terminal.note('Looking at this machine, and training for a few seconds with each engine');
  const client = await session.client();
  const report = await client.doctor(undefined, { signal: session.interrupt });
  session.terminal.print(describe(report));
  return report;
}

function describe({ versions, engines, exercise, auto, machine, workspace }: DoctorReport): string {
  return [
    table(
      ['what', 'version'],
      versions.map(({ name, version }) => [name, version]),
    ),
    table(
      ['engine', 'version', 'works', `trains ${exercise.preset}, batches of ${exercise.batchSize}`],
      engines.map(({ name, version, problem, imagesPerSecond }) => [
        name,
        version ?? '–',
        problem === null ? 'yes' : `no: ${problem}`,
        imagesPerSecond === null ? '–' : `${count(Math.round(imagesPerSecond))} images/s`,
      ]),
    ),
    ...engines.flatMap(({ name, remark }) => (remark === null ? [] : [`${name} ${remark}.`])),
    ...auto.map(
      ({ network, engine, imagesPerSecond }) =>
        `For ${network}, --engine auto is ${engine} (${Object.entries(imagesPerSecond)
          .map(([name, rate]) => `${name} ${count(Math.round(rate))} images/s`)
          .join(', ')}).`,
    ),
    [
      `${machine.system}, ${machine.processor}, ${counted(machine.cores, 'core')}`,
      `${bytes(machine.freeMemoryBytes)} of ${bytes(machine.memoryBytes)} memory free`,
      `${bytes(workspace.freeBytes)} of disk free at ${workspace.directory}`,
    ].join('\n'),
  ].join('\n\n');
}
