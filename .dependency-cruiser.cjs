// Which folder of src may import which (docs/architecture.md shows the same table).
const may = {
  domain: [],
  contract: ['domain'],
  ml: ['domain'],
  workspace: ['domain'],
  service: ['contract', 'domain', 'ml', 'workspace'],
  trainer: ['domain', 'ml', 'workspace'],
  server: ['contract', 'service'],
  cli: ['contract', 'service'],
  renderer: ['contract', 'domain'],
  preload: ['contract'],
  main: ['contract', 'service'],
};

module.exports = {
  forbidden: [
    ...Object.entries(may).map(([folder, allowed]) => ({
      name: `${folder}-imports-only-${allowed.join('-') || 'itself'}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
    })),
    {
      name: 'domain-is-pure',
      comment: 'Pure functions and types: no library, no Node module.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { dependencyTypesNot: ['local', 'type-only'], pathNot: '^src/domain/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unknown-folder',
      severity: 'error',
      from: { path: `^src/(?!(${Object.keys(may).join('|')})/)` },
      to: {},
    },
    { name: 'not-to-test', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'svelte'],
    },
  },
};
