/**
 * The command line: what can be said, and which file does it. Nothing but commander is loaded here; each command
 * loads its own file, and the service with its libraries only after it has written its first line.
 */
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { port, runNumber, score, timeSpan, wholeNumber, writableFile, writablePlace } from './options.ts';
import { defaultWorkspace } from '../service/folders.ts';
import { runCommand } from './session.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export const program = new Command('fiducial')
  .description(
    'Fill in missing facial keypoints, train a keypoint detector on your own machine, and export a submission.',
  )
  .version(version)
  .option('--workspace <dir>', `folder with images, labels and runs (default: ${defaultWorkspace()})`)
  .option('--json', 'one JSON document on standard output when done; everything else on standard error')
  .configureHelp({ showGlobalOptions: true })
  .configureOutput({ outputError: () => undefined })
  .exitOverride();

const examples = (...lines: string[]) =>
  `\nExamples:\n${lines.map((line) => `  $ fiducial ${line}`).join('\n')}`;

/** Figures: docs/accuracy.md. */
const offers = `

What it costs, and brings on 3,320 faces with two cores (RMSE in pixels on people not seen):
  --time-limit 10m               one network: 1.30
  --time-limit 60m               one network, for many more faces: 1.30 here, too
  --time-limit 20m --ensemble 2  two networks averaged: 1.29, and twice as slow to predict with`;

program.addHelpText(
  'after',
  `${examples('kaggle facial-keypoints-detection.zip --out submission.csv', 'sample faces.zip', 'import faces.zip', 'train --time-limit 10m', 'show latest')}

Exit codes: 0 done, 1 failed, 2 your input is at fault, 130 stopped by Ctrl+C.
FIDUCIAL_WORKSPACE names the default workspace; FIDUCIAL_DEBUG=1 shows the stack of an error.`,
);

const preset = new Option('--preset <name>', 'network and recipe: mlp, lenet5 or default');
const epochs = new Option('--epochs <n>', 'passes over the training images')
  .argParser(wholeNumber(1))
  .conflicts('timeLimit');
const seed = new Option('--seed <n>', 'the same seed on the same engine gives the same run').argParser(
  wholeNumber(0),
);
const engine = new Option('--engine <name>', 'what computes')
  .choices(['auto', 'onnx', 'tfjs', 'webgpu'])
  .default('auto');
const ensemble = new Option(
  '--ensemble <count>',
  'train so many with other seeds and average them; a time limit is that of all',
).argParser(wholeNumber(2, 20));
const groupColumn = new Option(
  '--group-column <name>',
  'a column that tells the person of each picture, so that nobody is on both sides of the split',
);
const runArgument = ['<run>', 'run number, or latest', runNumber] as const;

program
  .command('kaggle')
  .description("From the competition's archive to a submission: import, train, evaluate, export.")
  .argument('<archive>', "the competition's zip, or a folder with its files")
  .requiredOption('--out <file>', 'where the submission goes', writableFile)
  .addOption(preset)
  .addOption(epochs)
  .addOption(
    new Option('--time-limit <time>', 'for the whole command, e.g. 10m; training is fitted to it').argParser(
      timeSpan,
    ),
  )
  .addOption(seed)
  .addOption(engine)
  .addOption(ensemble)
  .addOption(groupColumn)
  .addHelpText(
    'after',
    examples(
      'kaggle facial-keypoints-detection.zip --out submission.csv --time-limit 10m',
      'kaggle faces.zip --out submission.csv --preset mlp --epochs 20 --workspace ./work',
    ) + offers,
  )
  .action((archive: string, options, command: Command) =>
    runCommand(command, async (session) =>
      (await import('./commands/kaggle.ts')).kaggle(session, archive, options),
    ),
  );

program
  .command('import')
  .description(
    'Import an archive, a folder or a single CSV file. All or nothing; importing twice adds nothing.',
  )
  .argument('<path>', 'files are recognised by content, not by name')
  .addOption(groupColumn)
  .addHelpText(
    'after',
    examples('import facial-keypoints-detection.zip', 'import training.csv --workspace ./work'),
  )
  .action((path: string, options, command: Command) =>
    runCommand(command, async (session) =>
      (await import('./commands/import.ts')).importPath(session, path, options),
    ),
  );

program
  .command('sample')
  .description('Write a small archive of drawn faces in the same layout, to try things out.')
  .argument('<out>', 'the zip file to write', writableFile)
  .addOption(seed)
  .addHelpText('after', examples('sample faces.zip', 'sample faces.zip --seed 7'))
  .action((out: string, options, command: Command) =>
    runCommand(command, async (session) =>
      (await import('./commands/sample.ts')).sample(session, out, options),
    ),
  );

program
  .command('info')
  .description('What is in the workspace: counts, completeness by keypoint, duplicates, sources.')
  .addHelpText('after', examples('info', 'info --json --workspace ./work'))
  .action((_options, command: Command) =>
    runCommand(command, async (session) => (await import('./commands/info.ts')).info(session)),
  );

program
  .command('train')
  .description('Train a network on the labels as they are now.')
  .addOption(preset)
  .addOption(new Option('--spec <file>', 'a network of your own, as JSON').conflicts('preset'))
  .option('--recipe <file>', "JSON with the fields of the recipe that differ from the preset's")
  .addOption(epochs)
  .addOption(new Option('--time-limit <time>', 'e.g. 10m; the schedule is fitted to it').argParser(timeSpan))
  .addOption(seed)
  .addOption(engine)
  .addOption(ensemble)
  .addHelpText(
    'after',
    examples(
      'train --time-limit 10m',
      'train --preset lenet5 --epochs 30 --seed 2',
      'train --spec network.json --recipe recipe.json',
    ) + offers,
  )
  .action((options, command: Command) =>
    runCommand(command, async (session) => (await import('./commands/train.ts')).train(session, options)),
  );

program
  .command('resume')
  .description('Go on with a run that was stopped, from its last checkpoint.')
  .argument(...runArgument)
  .addHelpText('after', examples('resume latest', 'resume 3'))
  .action((run: number | 'latest', _options, command: Command) =>
    runCommand(command, async (session) => (await import('./commands/train.ts')).resume(session, run)),
  );

const severalRuns = (text: string, before: (number | 'latest')[] = []) => [...before, runNumber(text)];

program
  .command('ensemble')
  .description('Average finished runs into one, which evaluates, predicts and submits like a run.')
  .argument(...runArgument)
  .argument('<others...>', 'the runs to average it with', severalRuns)
  .addHelpText('after', examples('ensemble 1 2 5', 'ensemble 1 2 --json'))
  .action((run: number | 'latest', others: (number | 'latest')[], _options, command: Command) =>
    runCommand(command, async (session) =>
      (await import('./commands/train.ts')).ensemble(session, [run, ...others]),
    ),
  );

program
  .command('compare')
  .description('Finished runs side by side: settings, errors by keypoint, and how sure the change is.')
  .argument(...runArgument)
  .argument('<others...>', 'the runs that are compared with it', severalRuns)
  .addHelpText('after', examples('compare 3 4', 'compare 1 2 5 --json'))
  .action((run: number | 'latest', others: (number | 'latest')[], _options, command: Command) =>
    runCommand(command, async (session) =>
      (await import('./commands/compare.ts')).compare(session, [run, ...others]),
    ),
  );

program
  .command('runs')
  .description('All runs, with what they reached.')
  .addHelpText('after', examples('runs', 'runs --json'))
  .action((_options, command: Command) =>
    runCommand(command, async (session) => (await import('./commands/runs.ts')).runs(session)),
  );

program
  .command('show')
  .description('One run: configuration, curve, errors beside the baselines.')
  .argument(...runArgument)
  .addHelpText('after', examples('show latest', 'show 3 --json'))
  .action((run: number | 'latest', _options, command: Command) =>
    runCommand(command, async (session) => (await import('./commands/runs.ts')).show(session, run)),
  );

program
  .command('evaluate')
  .description('Judge a run on its validation images, beside the baselines.')
  .argument(...runArgument)
  .addHelpText('after', examples('evaluate latest'))
  .action((run: number | 'latest', _options, command: Command) =>
    runCommand(command, async (session) => (await import('./commands/runs.ts')).evaluate(session, run)),
  );

program
  .command('predict')
  .description('Find the keypoints in pictures of faces: PNG or JPEG, any size, colour or gray.')
  .argument(...runArgument)
  .argument('<image...>', 'picture files, each cropped to about one face')
  .requiredOption('--out <file>', 'a .csv or .json file', writableFile)
  .addHelpText(
    'after',
    `${examples('predict latest me.jpg --out points.csv', 'predict 3 faces/*.png --out points.json')}

The whole picture is used: it is scaled to fit the network's input, and its edge is carried on beside it. Points
are given in pixels of the picture as it is shown, after the turn that its EXIF orientation asks for; 0 is the
middle of the first pixel.`,
  )
  .action((run: number | 'latest', images: string[], options, command: Command) =>
    runCommand(command, async (session) =>
      (await import('./commands/predict.ts')).predict(session, run, images, options),
    ),
  );

const runOption = new Option('--run <run>', 'run number, or latest')
  .argParser(runNumber)
  .default('latest' as const);
const limitOption = new Option('--limit <n>', 'how many at most')
  .argParser(wholeNumber(1, 1000))
  .default(100);

program
  .command('next')
  .description('The cells to label next: where a label is expected to give the score most.')
  .addOption(limitOption)
  .addHelpText(
    'after',
    `${examples('next', 'next --limit 500 --json')}

Cells of images to train on, by the uncertainty about the place (of the latest finished run, else of the shape of
faces), how often IdLookupTable asks for the keypoint, and how few labels it has.`,
  )
  .action((options, command: Command) =>
    runCommand(command, async (session) => (await import('./commands/next.ts')).next(session, options)),
  );

program
  .command('suspects')
  .description('Labels that are probably wrong, the most suspicious first.')
  .addOption(runOption)
  .addOption(limitOption)
  .addHelpText(
    'after',
    `${examples('suspects', 'suspects --run 3 --limit 20 --json')}

Each label is set beside what has not learned from it: runs where they held the image out, else PCA + ridge on other
people's images.`,
  )
  .action((options, command: Command) =>
    runCommand(command, async (session) =>
      (await import('./commands/suspects.ts')).suspects(session, options),
    ),
  );

const exporting = program
  .command('export')
  .description('Write a submission, the labels, a trained network, or the report of a run.');
const out = ['--out <file>', 'the file to write', writableFile] as const;

exporting
  .command('submission')
  .description("The competition's submission from a run's predictions.")
  .addOption(runOption)
  .requiredOption(...out)
  .addHelpText('after', examples('export submission --run latest --out submission.csv'))
  .action((options, command: Command) =>
    runCommand(command, async (session) =>
      (await import('./commands/export.ts')).exportSubmission(session, options),
    ),
  );

exporting
  .command('predictions')
  .description('Every keypoint of every test image, with how sure its place is: the radius of nine in ten.')
  .addOption(runOption)
  .requiredOption(...out)
  .addHelpText('after', examples('export predictions --run latest --out predictions.csv'))
  .action((options, command: Command) =>
    runCommand(command, async (session) =>
      (await import('./commands/export.ts')).exportPredictions(session, options),
    ),
  );

exporting
  .command('training-csv')
  .description('The labels as they are now, in the layout of training.csv.')
  .requiredOption(...out)
  .addHelpText('after', examples('export training-csv --out training.csv'))
  .action((options, command: Command) =>
    runCommand(command, async (session) =>
      (await import('./commands/export.ts')).exportTrainingCsv(session, options),
    ),
  );

exporting
  .command('model')
  .description('The trained network for any ONNX runtime, or for TensorFlow.js in a browser.')
  .addOption(runOption)
  .addOption(new Option('--format <name>', 'what reads it').choices(['onnx', 'tfjs']).default('onnx'))
  .requiredOption('--out <path>', 'onnx: the file to write; tfjs: a folder, or an archive.zip', writablePlace)
  .addHelpText(
    'after',
    `${examples('export model --run 3 --out faces.onnx', 'export model --format tfjs --out faces')}

With tfjs the folder gets model.json and weights.bin, for tf.loadGraphModel of plain @tensorflow/tfjs.`,
  )
  .action((options, command: Command) =>
    runCommand(command, async (session) =>
      (await import('./commands/export.ts')).exportModel(session, options),
    ),
  );

exporting
  .command('report')
  .description('All that is known of a run as one HTML page, to be kept, sent or printed.')
  .addOption(runOption)
  .requiredOption(...out)
  .addHelpText('after', examples('export report --run 3 --out run-3.html'))
  .action((options, command: Command) =>
    runCommand(command, async (session) =>
      (await import('./commands/export.ts')).exportReport(session, options),
    ),
  );

const submissions = program
  .command('submissions')
  .description('Submissions that were written, and what the competition gave them.');

submissions
  .command('list')
  .description("All of them, each beside its run's own validation.")
  .addHelpText('after', examples('submissions list', 'submissions list --json'))
  .action((_options, command: Command) =>
    runCommand(command, async (session) =>
      (await import('./commands/submissions.ts')).listSubmissions(session),
    ),
  );

submissions
  .command('score')
  .description('Keep what the competition gave a submission, as its page shows it after uploading.')
  .argument('<submission>', 'its number', wholeNumber(1))
  .argument('<score>', 'RMSE in pixels', score)
  .addHelpText('after', examples('submissions score 3 1.52'))
  .action((id: number, value: number, _options, command: Command) =>
    runCommand(command, async (session) =>
      (await import('./commands/submissions.ts')).scoreSubmission(session, id, value),
    ),
  );

program
  .command('doctor')
  .description('Versions, engines, cores, memory, disk, and a speed test of a few seconds.')
  .addHelpText('after', examples('doctor', 'doctor --json'))
  .action((_options, command: Command) =>
    runCommand(command, async (session) => (await import('./commands/doctor.ts')).doctor(session)),
  );

program
  .command('serve')
  .description('Show the workspace in a browser: on this machine, or to a team on a local network.')
  .addOption(new Option('--port <n>', 'default: any free one').argParser(port))
  .option('--open', 'open a browser')
  .option(
    '--listen <address>',
    'an address of this machine that others reach, or 0.0.0.0 for all; only named users are let in',
  )
  .addHelpText(
    'after',
    `${examples('serve --open', 'serve --port 8080 --workspace ./work', 'serve --listen 192.168.1.20 --port 8080')}

With --listen, labels carry the name of the user who placed them. What goes over the network is not encrypted: use it
where you trust the network, or through an ssh tunnel.`,
  )
  .action((options, command: Command) =>
    runCommand(command, async (session) => (await import('./commands/serve.ts')).serve(session, options)),
  );

const users = program.command('users').description('Who may come to serve --listen, each with a token.');

users
  .command('add')
  .description('Let somebody in; prints the token, once.')
  .argument('<name>', 'the author of their labels')
  .addHelpText('after', examples('users add Ann'))
  .action((name: string, _options, command: Command) =>
    runCommand(command, async (session) => (await import('./commands/users.ts')).addUser(session, name)),
  );

users
  .command('list')
  .description('Who is let in.')
  .action((_options, command: Command) =>
    runCommand(command, async (session) => (await import('./commands/users.ts')).listUsers(session)),
  );

users
  .command('remove')
  .description('Let somebody in no more; labels keep their author.')
  .argument('<name>')
  .addHelpText('after', examples('users remove Ann'))
  .action((name: string, _options, command: Command) =>
    runCommand(command, async (session) => (await import('./commands/users.ts')).removeUser(session, name)),
  );
