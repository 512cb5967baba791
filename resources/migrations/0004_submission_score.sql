-- Made by drizzle-kit from src/workspace/tables.ts.

ALTER TABLE submission ADD COLUMN score real;
