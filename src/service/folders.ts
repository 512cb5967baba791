/** Where the program keeps things on this platform. */
import { join } from 'node:path';
import envPaths from 'env-paths';

export const folders = envPaths('fiducial', { suffix: '' });

/** Where settings are: FIDUCIAL_CONFIG, else the folder for a program's configuration. */
export function configFolder(): string {
  return process.env['FIDUCIAL_CONFIG'] || folders.config;
}

/** Where a workspace is when nobody says: FIDUCIAL_WORKSPACE, else in the folder for a program's data. */
export function defaultWorkspace(): string {
  return process.env['FIDUCIAL_WORKSPACE'] || join(folders.data, 'workspace');
}
