import { defineConfig } from 'vitest/config';

// A slow or busy machine is no failure: the limits only end what hangs.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    testTimeout: 180_000,
    hookTimeout: 180_000,,
    hookTimeout: 30_000,
  },
});
