import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'test/e2e',
  globalSetup: './test/e2e/global-setup.ts',
  outputDir: 'test-results',
  workers: 1,
  // A slow or busy machine is no failure: the limits only end what hangs.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  use: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
});
