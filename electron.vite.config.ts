import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

// The desktop's main and preload follow with the desktop app; the page is the same for both.
export default defineConfig({
  renderer: {
    plugins: [svelte()],
    build: { outDir: 'out/renderer', target: 'es2022', minify: true, modulePreload: { polyfill: false } },
  },
});
