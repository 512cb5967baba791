import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    // A slow or busy machine is no failure: the limits only end what hangs.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
