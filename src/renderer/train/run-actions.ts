/** What is done to a run that trains, or could. Each answers whether it was done; where it was not, the person is told why. */
import type { RunView } from '../../contract/runs.ts';
import { service } from '../connection.ts';
import { runs } from './runs.svelte.ts';

export const pause = (run: number): Promise<boolean> => runs.attempt(() => service.runs.pause({ run }));

export const goOn = (run: number): Promise<boolean> => runs.attempt(() => service.runs.goOn({ run }));

/** Ends a training at a checkpoint; one that waits leaves the queue. */
export const stop = (run: number): Promise<boolean> => runs.attempt(() => service.runs.stop({ run }));

/** @param epoch a kept one to go back to; else the last checkpoint */
export const resume = (run: number, epoch?: number): Promise<boolean> =>
  runs.attempt(() => service.runs.resume({ run, ...(epoch === undefined ? {} : { epoch }) }));

/** Stopped, failed, or left in the queue by a service that is gone. */
export const isResumable = ({ status, ahead }: Pick<RunView, 'status' | 'ahead'>): boolean =>
  status === 'stopped' || status === 'failed' || (status === 'queued' && ahead === null);
