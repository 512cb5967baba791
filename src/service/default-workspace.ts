/** Where a workspace is when nobody says: FIDUCIAL_WORKSPACE, else in the platform's folder for a program's data. */
import { join } from 'node:path';
import envPaths from 'env-paths';

export function defaultWorkspace(): string {
  return process.env['FIDUCIAL_WORKSPACE'] || join(envPaths('fiducial', { suffix: '' }).data, 'workspace');
}
