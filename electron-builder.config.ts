// How the desktop app is packaged: `npm run build`, then `npx electron-builder --config electron-builder.config.ts`.
export default {
  appId: 'org.fiducial.app',
  productName: 'Fiducial',
  directories: { output: 'out-packages', buildResources: 'resources' },
  files: ['out/**', '!out/built', 'resources/migrations/**', 'package.json'],
  // Main and the page stay in the archive, whose integrity is checked. The service and the trainings do not: they load
  // native modules, start worker threads by their files, and read migrations.
  asar: true,
  asarUnpack: [
    'out/{contract,domain,ml,service,trainer,workspace}/**',
    'resources/**',
    'package.json',
    'node_modules/**',
  ],
  electronFuses: {
    runAsNode: false, // trainings are utility processes
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false, // the page comes over app://
  },
  fileAssociations: [
    { ext: 'zip', name: 'Archive of faces', role: 'Viewer', rank: 'Alternate' },
    { ext: 'csv', name: 'Table of faces', role: 'Viewer', rank: 'Alternate' },
    // A folder cannot be opened by a double-click everywhere; the database in it stands for it.
    { ext: 'sqlite', name: 'Fiducial workspace', role: 'Editor', rank: 'Alternate' },
  ],
  linux: { target: ['AppImage', 'deb'], category: 'Science' },
  mac: { target: ['dmg', 'zip'], category: 'public.app-category.developer-tools' },
  win: { target: ['nsis'] },
};
