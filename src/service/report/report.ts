/** A run on one page of HTML that needs nothing else: to be sent, kept beside a submission, printed. */
import { describeNetwork, type NetworkDescription } from '../../ml/network/describe.ts';
import { type AnyConfig, isEnsemble, type RunConfig } from '../../ml/training/config.ts';
import { networkInput } from '../../ml/training/fit.ts';
import type { Run } from '../../workspace/runs.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { lineageOf } from '../run-records.ts';
import { viewRun } from '../run-view.ts';
import { curveOf, type JudgedFaces, judgedFaces } from './data.ts';
import { certainty, curves, judgement, keypoints, shares } from './figures.ts';
import { faces } from './faces.ts';
import { facts, Html, html, section, table } from './html.ts';
import { style } from './style.ts';
import { bytes, count, counted, duration, moment, px } from './words.ts';

/** @param run a finished one; @returns the page's text */
export function runReport(workspace: Workspace, run: Run): string {
  const view = viewRun(workspace, run);
  const judged = judgedFaces(workspace, run);
  const title = `Run ${run.id}: ${view.network}${view.members.length > 0 ? ` of runs ${view.members.join(', ')}` : ` by ${view.engine}`}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        />
        <title>${title} – Fiducial</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>${title}</h1>
            <p class="quiet">
              Started ${moment(view.createdAt)}, finished ${view.finishedAt ? moment(view.finishedAt) : '–'},
              ${duration(view.seconds)} of training.
            </p>
            ${view.note ? html`<p>${view.note}</p>` : null}
          </header>
          ${section('How good it is', judgement(view))}
          ${view.validation ? section('Keypoint by keypoint', keypoints(view)) : null}
          ${view.coverage.length > 0 ? section('How sure it is', certainty(view)) : null}
          ${section('How it learned', curves(curveOf(workspace, run), view))}
          ${view.validation ? section('How far off', shares(view.validation)) : null}
          ${judged ? facesOf(workspace, judged) : null} ${section('What went in', data(workspace, run))}
          ${section('Network and recipe', configuration(workspace, run.config as AnyConfig))}
          ${section('Machine and versions', machine(workspace, run))}
          ${section('What was written', written(workspace, run))}
          <footer>
            Made by Fiducial on ${moment(new Date().toISOString())}. RMSE in pixels, pooled over every
            coordinate as the competition scores it.
          </footer>
        </main>
      </body>
    </html> `;
  return page.text;
}

function facesOf(workspace: Workspace, { worst, suspects }: JudgedFaces): Html {
  const key = html`<p class="quiet">
    <span class="key"></span>label, <span class="key cross"></span>prediction; a line from one to the other.
    RMSE of the face below it.
  </p>`;
  return html`${section('Worst faces', key, faces(workspace, worst))}
  ${suspects.length > 0 ? section('Set aside', html`<p>The labels of these validation images are probably wrong: the error is more than four times the median image’s. They count in none of the figures but the one that is called so.</p>`, faces(workspace, suspects)) : null}`;
}

function data(workspace: Workspace, run: Run): Html {
  const view = viewRun(workspace, run);
  const { snapshot } = lineageOf(workspace, run);
  const config = run.config as AnyConfig;
  const { sources, submissions } = workspace;
  const asked = submissions.lookup().length;
  return html`${facts([
    ['Labels', `${count(snapshot.labels)} cells, frozen ${moment(snapshot.createdAt)}`],
    ['Snapshot', html`<code>${snapshot.id.slice(0, 16)}</code>`],
    ['Images trained on', view.trainingImages === null ? '–' : count(view.trainingImages)],
    ['Images held out', view.validationImages === null ? '–' : count(view.validationImages)],
    ...(isEnsemble(config) ? [] : choices(config)),
    ...(asked === 0 ? [] : [['Values that a submission gives', count(asked)] as [string, string]]),
  ])}
  ${table(
    ['Table', 'Kind', ' Rows'],
    sources
      .list()
      .filter(({ kind }) => kind !== 'lookup')
      .map(({ id, fileName, kind }) => [fileName, kind, count(sources.rowCount(id))]),
  )}`;
}

function choices({ rows, split, seed, start }: RunConfig): [string, string][] {
  const held = 'fold' in split ? `fold ${split.fold + 1} of ${split.folds}` : `${100 * split.validation} % of the images, whole people`; // prettier-ignore
  return [
    [
      'Rows',
      {
        all: 'all, missing keypoints add nothing',
        complete: 'complete ones only',
        filter: 'those of a filter',
      }[rows.kind],
    ],
    ['Held out', held],
    ['Seed', `${seed}, of the split ${split.seed}`],
    ...(start ? [['Started from', `run ${start.run}, epoch ${start.epoch}`] as [string, string]] : []),
  ];
}

function configuration({ schema }: Workspace, config: AnyConfig): Html {
  if (isEnsemble(config))
    return html`<p>
      The mean of what runs ${config.members.join(', ')} predict; each has a report of its own.
    </p>`;
  const { layers, totals } = describeNetwork(config.spec, networkInput, 2 * schema.keypoints.length);
  const rows = layers.flatMap(function rowsOf(layer): NetworkDescription['layers'] {
    return [layer, ...layer.body.flatMap(rowsOf)];
  });
  return html`${totals ? html`<p>${costOf(totals)}</p>` : null}
    ${table(
      ['Layer', 'Type', ' Output', ' Parameters'],
      rows.map(({ place, type, output, parameters }) => [
        place,
        type,
        output?.join(' x ') ?? '',
        count(parameters ?? 0),
      ]),
    )}
    <h3>Recipe</h3>
    ${facts(leaves(config.recipe).map(([name, value]) => [name, String(value)]))}
    <details>
      <summary>Whole configuration</summary>
      <pre>${JSON.stringify(config, null, 1)}</pre>
    </details>`;
}

function costOf({
  parameters,
  multiplyAdds,
  receptiveField,
}: NonNullable<NetworkDescription['totals']>): string {
  const cost = `${counted(parameters, 'parameter')}, ${count(multiplyAdds)} multiply-adds for a picture`;
  const [height, width] = receptiveField;
  return width * height > 1
    ? `${cost}; one cell of the last map sees ${width} x ${height} pixels.`
    : `${cost}.`;
}

/** `schedule.rate` and its like, with what they are. */
function leaves(value: object, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, own]: [string, unknown]) =>
    own !== null && typeof own === 'object' && !Array.isArray(own)
      ? leaves(own, `${prefix}${key}.`)
      : [[`${prefix}${key}`, own] as [string, unknown]],
  );
}

function machine(workspace: Workspace, run: Run): Html {
  const view = viewRun(workspace, run);
  const { version, commit, engineVersion, node, system, processor, cores } = lineageOf(workspace, run);
  return facts([
    ['Fiducial', commit ? `${version}, ${commit}` : version],
    ['Engine', engineVersion ? `${view.engine} ${engineVersion}` : view.engine],
    ['Node', node],
    ['System', system],
    ['Processor', `${processor}, ${counted(cores, 'core')}`],
    ['Speed', view.imagesPerSecond === null ? '–' : `${count(Math.round(view.imagesPerSecond))} images/s`],
    ['Memory at most', view.peakMemoryBytes === null ? '–' : bytes(view.peakMemoryBytes)],
  ]);
}

function written(workspace: Workspace, run: Run): Html {
  const submissions = workspace.submissions.list().filter(({ runId }) => runId === run.id);
  return html`${facts([['Run', html`<code>${workspace.runs.directoryOf(run)}</code>`]])}
  ${
    submissions.length === 0
      ? html`<p class="quiet">No submission was written from it.</p>`
      : table(
          ['Submission', 'Written', ' Rows', ' Clipped', ' Score', 'File', 'SHA-256'],
          submissions.map(({ id, createdAt, rows, clipped, score, path, sha256 }) => [
            ...[String(id), moment(createdAt.toISOString()), count(rows), count(clipped)],
            ...[score === null ? '–' : px(score), path, html`<code>${sha256.slice(0, 16)}</code>`],
          ]),
        )
  }`;
}
