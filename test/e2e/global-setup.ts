/** Looks for a browser once; tests read from the environment what was found. */
import { findBrowser } from './browser.ts';

export default async function globalSetup(): Promise<void> {
  const found = await findBrowser();
  process.env['FIDUCIAL_TEST_BROWSER'] = JSON.stringify(found);
  if ('problem' in found) console.warn(`No browser starts here, so no page is tested: ${found.problem}`);
}
