// `npm run setup:tfjs [-- --wheel FILE]`: provides the engine tfjs on Linux x64, where tfjs-node cannot fetch its own library.
// The wheel tensorflow-cpu holds the same library; tfjs-node's binding is compiled against it. All of it goes into .tfjs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { node24, root, say, setUp } from './setup.mjs';

/** From npm, with the integrity of their archives. */
const packages = {
  '@tensorflow/tfjs-node@4.22.0':
    'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
  'node-api-headers@1.9.0':
    'sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==',
};
const tensorflow = 'tensorflow-cpu==2.21.0';
/** SHA-256 of the wheel for each Python: their libraries are the same. pip fetches the first, whatever Python it runs on. */
const wheels = {
  cp313: '05af7c26d35f4de910b5598c7b507e3981831a7b0f47fed9a405d995d51d7793',
  cp312: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
  cp311: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  cp310: 'd143e92f5c0661cdfa26eaca8f73cd2efd0ec53a68af8dec82f584ba8eb14b83',
};
const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
/** The C interface and what it includes. */
const headers =
  /^tensorflow\/include\/((tensorflow\/c|(tensorflow\/core|tsl)\/platform|xla\/tsl\/c)\/.+\.h)$/;

const folder = join(root, '.tfjs');
/** Names what is installed; stands in the folder. */
const stamp = JSON.stringify([packages, wheels]);
/** What a command prints is for people. */
const shown = { stdio: ['ignore', process.stderr, process.stderr] };

setUp();
const wheelGiven = wheelArgument();
if (existsSync(join(folder, 'stamp')) && readFileSync(join(folder, 'stamp'), 'utf8') === stamp)
  say('The engine tfjs is set up already.');
else if (loads(root)) say('npm has installed tfjs-node, and it loads: there is nothing to set up.');
else await install();

/** Beside the folder, which it replaces in the end: half an installation is never there. */
async function install() {
  checkMachine();
  removeLeftovers();
  const unfinished = `${folder}-${process.pid}`;
  process.on('exit', () => rmSync(unfinished, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
  const modules = join(unfinished, 'node_modules');
  const tfjsNode = join(modules, '@tensorflow/tfjs-node');
  const passing = join(unfinished, 'passing');
  mkdirSync(passing, { recursive: true });

  const wheel = wheelGiven ?? fetchWheel(passing);
  say('Checking the wheel (SHA-256).');
  await checkWheel(wheel);
  say('Fetching tfjs-node without its scripts, and the headers of Node-API (npm).');
  for (const [name, integrity] of Object.entries(packages)) addPackage(name, integrity, modules, passing);
  say("Unpacking TensorFlow's libraries and C headers (850 MB).");
  await unpack(wheel, (name) => {
    const header = headers.exec(name)?.[1];
    if (header) return join(passing, 'include', header);
    return libraries.includes(basename(name)) && join(tfjsNode, 'deps/lib', basename(name));
  });
  say("Compiling tfjs-node's binding (g++, about 15 s).");
  compile(tfjsNode, [join(passing, 'include'), join(modules, 'node-api-headers/include'), dirname(tfjsNode)]);
  for (const needless of [passing, join(modules, 'node-api-headers')]) rmSync(needless, { recursive: true });
  say('Trying it.');
  if (!loads(unfinished, shown)) fail('It does not load; why is above.');

  writeFileSync(join(unfinished, 'stamp'), stamp);
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  say('The engine tfjs is set up in .tfjs.');
}

function wheelArgument() {
  const [option, file, ...more] = process.argv.slice(2);
  if (option === undefined) return undefined;
  if (option !== '--wheel' || !file || more.length > 0) fail('Usage: npm run setup:tfjs [-- --wheel FILE]');
  if (!existsSync(file)) fail(`There is no file ${file}.`);
  return resolve(file);
}

function checkMachine() {
  const { platform, arch } = process;
  if (platform !== 'linux' || arch !== 'x64')
    fail(
      `This is for Linux on x64, not ${platform} on ${arch}: there, npm's tfjs-node brings its own library.`,
    );
  const missing = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status !== 0;
  if (missing('g++', '--version')) fail('g++ is missing (on Debian: apt-get install g++).');
  if (!wheelGiven && missing('python3', '-m', 'pip', '--version'))
    fail('python3 with pip is missing (on Debian: apt-get install python3-pip); --wheel FILE does without.');
}

/** Of installations that were killed. */
function removeLeftovers() {
  for (const name of readdirSync(root)) {
    const pid = /^\.tfjs-(\d+)$/.exec(name)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) rmSync(join(root, name), { recursive: true });
  }
}

function addPackage(name, integrity, modules, passing) {
  const { status, stdout } = spawnSync('npm', ['pack', name, '--json', '--loglevel=error'], {
    cwd: passing,
    stdio: ['ignore', 'pipe', process.stderr],
  });
  if (status !== 0) fail(`npm could not fetch ${name}; what it printed is above.`);
  const archive = join(passing, JSON.parse(stdout)[0].filename);
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== integrity) fail(`${name} is not what it should be: its integrity is ${found}.`);
  const place = join(modules, name.slice(0, name.lastIndexOf('@')));
  mkdirSync(place, { recursive: true });
  if (spawnSync('tar', ['-xzf', archive, '-C', place, '--strip-components=1'], shown).status !== 0)
    fail(`tar could not unpack ${name}; what it printed is above.`);
}

function fetchWheel(passing) {
  say(`Fetching the wheel ${tensorflow} (pip, 274 MB).`);
  const target = ['--only-binary=:all:', '--python-version=3.13', '--platform=manylinux_2_27_x86_64'];
  const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', ...target, tensorflow];
  if (spawnSync('python3', download, { ...shown, cwd: passing }).status !== 0)
    fail('pip could not fetch it; what it printed is above. --wheel FILE takes one that you have.');
  return join(
    passing,
    readdirSync(passing).find((name) => name.endsWith('.whl')),
  );
}

async function checkWheel(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (!Object.values(wheels).includes(found))
    fail(`${basename(file)} is not ${tensorflow} for Linux x64: its SHA-256 is ${found}.`);
}

/** @param placeOf where a file of the archive goes; nothing for one that is not wanted */
async function unpack(archive, placeOf) {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(archive);
  for await (const entry of zip.eachEntry()) {
    const place = placeOf(entry.fileName);
    if (!place) continue;
    mkdirSync(dirname(place), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(place));
  }
}

function compile(tfjsNode, include) {
  const output = join(tfjsNode, 'lib/napi-v8');
  mkdirSync(output, { recursive: true });
  const { status } = spawnSync(
    'g++',
    [
      ...['-std=c++17', '-O2', '-shared', '-fPIC', '-DNAPI_VERSION=8'],
      ...include.map((path) => `-I${path}`),
      ...['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc', '-o', join(output, 'tfjs_binding.node')],
      ...['-Ldeps/lib', ...libraries.map((name) => `-l:${name}`), '-Wl,-rpath,$ORIGIN/../../deps/lib'],
    ],
    { ...shown, cwd: tfjsNode },
  );
  if (status !== 0) fail('g++ failed; what it printed is above.');
}

/** Whether the project's Node loads the binding in a folder's node_modules. */
function loads(from, options = { stdio: 'ignore' }) {
  const script = "require('@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node')";
  return spawnSync(node24, ['-e', script], { ...options, cwd: from }).status === 0;
}

function fail(line) {
  say(line);
  process.exit(1);
}
