import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

// Main, preload and page. The service and the training processes are no bundle: scripts/build.mjs only strips their types.
export default defineConfig({
  main: {
    build: {
      // env-paths is an ES module, which an old Electron's main (test/desktop) could not load.
      externalizeDeps: { exclude: ['env-paths'] },
      rolldownOptions: { input: 'src/main/index.ts' },
    },
  },
  preload: {
    build: {
      rolldownOptions: {
        input: 'src/preload/index.ts',
        // A sandboxed preload cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    plugins: [svelte()],
    build: {
      target: 'es2022',
      minify: true,
      modulePreload: { polyfill: false },
      // Names with one dot are all that both hosts give out.
      rolldownOptions: { output: { chunkFileNames: 'assets/part-[hash].js' } },
    },
  },
});
