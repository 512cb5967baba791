-- Made by drizzle-kit from src/workspace/tables.ts.

ALTER TABLE run ADD COLUMN tags text DEFAULT '[]' NOT NULL;
ALTER TABLE run ADD COLUMN note text DEFAULT '' NOT NULL;
ALTER TABLE run ADD COLUMN archived_at integer;
