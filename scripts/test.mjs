// `npm test`: sets up, runs every check, and ends with how many passed and failed over all of them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { node24, root, setUp } from './setup.mjs';

setUp();
build();
const reports = mkdtempSync(join(tmpdir(), 'fiducial-test-'));
const totals = { passed: 0, failed: 0, skipped: [] };

for (const [name, script, ...args] of [
  ['types', 'typescript/bin/tsc', '--noEmit'],
  ['components', 'svelte-check/bin/svelte-check', '--tsconfig', 'tsconfig.json', '--fail-on-warnings'],
  ['lint', 'eslint/bin/eslint.js', '.', '--max-warnings', '0'],
  ['format', 'prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn'],
  ['layers', 'dependency-cruiser/bin/dependency-cruise.mjs', 'src', '--config', '.dependency-cruiser.cjs'],
  ['dead code', 'knip/bin/knip.js', '--no-progress'],
]) {
  const succeeded = run(name, script, args);
  add({ passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: [] });
}

const unit = join(reports, 'unit.json');
const unitRun = run('unit and integration tests', 'vitest/vitest.mjs', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${unit}`,
]);
addSuite(unitRun, vitestTotals(unit));

const e2e = join(reports, 'e2e.json');
const e2eRun = run('end-to-end tests', '@playwright/test/cli.js', ['test', '--reporter=list,json'], {
  PLAYWRIGHT_JSON_OUTPUT_NAME: e2e,
});
addSuite(e2eRun, playwrightTotals(e2e));

rmSync(reports, { recursive: true });
for (const name of totals.skipped) console.log(`SKIPPED: ${name}`);
console.log(
  `${totals.passed} passed, ${totals.failed} failed${totals.skipped.length ? `, ${totals.skipped.length} skipped` : ''}`,
);
process.exitCode = totals.failed > 0 ? 1 : 0;

/** Runs a package's script under Node 24 and shows its output; true when it succeeded. */
function run(name, script, args, env = {}) {
  console.log(`\n== ${name}`);
  const started = Date.now();
  const { status } = spawnSync(node24, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // With it, threads need not strip types from the same files again, which takes half of the time that they start in.
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'), ...process.env, ...env },
  });
  console.log(
    `== ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  return status === 0;
}

function add({ passed, failed, skipped }) {
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped.push(...skipped);
}

/** A suite that failed without a failed test (it crashed, say) counts as one failure. */
function addSuite(succeeded, suite) {
  add({ ...suite, failed: succeeded ? suite.failed : Math.max(suite.failed, 1) });
}

function vitestTotals(file) {
  const tests = readReport(file)?.testResults.flatMap((suite) => suite.assertionResults) ?? [];
  const named = (status) => tests.filter((test) => status.includes(test.status)).map((test) => test.fullName);
  return {
    passed: named(['passed']).length,
    failed: named(['failed']).length,
    skipped: named(['skipped', 'pending', 'todo', 'disabled']),
  };
}

function playwrightTotals(file) {
  const report = readReport(file);
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)];
  const skipped = (report?.suites ?? [])
    .flatMap(specs)
    .filter((spec) => spec.tests.every((test) => test.status === 'skipped'));
  return {
    passed: (report?.stats.expected ?? 0) + (report?.stats.flaky ?? 0),
    failed: report?.stats.unexpected ?? 0,
    skipped: skipped.map((spec) => spec.title),
  };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
