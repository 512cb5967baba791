import { defineConfig } from 'drizzle-kit';

/** `npm run migration` writes the next file of resources/migrations; finish it by hand (STRICT, WITHOUT ROWID, triggers). */
export default defineConfig({
  dialect: 'sqlite',
  schema: './src/workspace/tables.ts',
  out: './resources/migrations',
});
