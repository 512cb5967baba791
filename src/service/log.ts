/** What goes on in the service and what goes wrong, for whoever has to find out: a line of JSON for each event. */
import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { destination, pino } from 'pino';
import { folders } from './folders.ts';

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'fatal'>;

export const logFile = join(folders.log, 'service.log');

/** In bytes: a larger file is put aside as service.log.old when the service starts. */
const largest = 5_000_000;

/** Written at once, so that the last line before a crash is there. */
export function openLog(file = logFile): Log {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largest) renameSync(file, `${file}.old`);
  const log = pino({ base: { pid: process.pid } }, destination({ dest: file, mkdir: true, sync: true }));
  process.on('uncaughtExceptionMonitor', (error) => log.fatal(error, 'The service has failed.'));
  return log;
}
