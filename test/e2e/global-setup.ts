/** Builds the app that is tested, and looks for a browser and an Electron once; tests read from the environment what was found. */
import { execFileSync } from 'node:child_process';
import { findBrowser } from './browser.ts';
import { findElectron } from './electron.ts';

export default async function globalSetup(): Promise<void> {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  const found = await findBrowser();
  process.env['FIDUCIAL_TEST_BROWSER'] = JSON.stringify(found);
  if ('problem' in found) console.warn(`No browser starts here, so no page is tested: ${found.problem}`);
  const electron = findElectron();
  process.env['FIDUCIAL_TEST_ELECTRON'] = JSON.stringify(electron);
  if ('problem' in electron) console.warn(`The desktop app is not tested: ${electron.problem}`);
}
