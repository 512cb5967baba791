/** What the layers of a run's network see. */
import type { ArithmeticView, ExciteEvent, InputPictureView } from '../../contract/layers.ts';
import type { RunReference } from '../../contract/runs.ts';
import type { Arithmetic } from '../../ml/inspection/arithmetic.ts';
import type { InputPicture, NetworkAt } from '../../ml/inspection/messages.ts';
import { type AnyConfig, isEnsemble } from '../../ml/training/config.ts';
import type { WorkspaceHolder } from '../holder.ts';
import type { InspectorProcess } from '../inspector.ts';
import { conflict, explainingEach } from '../problems.ts';
import { procedures } from '../procedures.ts';
import { progressOf } from '../progress.ts';
import type { RunFinder } from '../run-finder.ts';

export function layerRoutes(holder: WorkspaceHolder, finder: RunFinder, inspector: InspectorProcess) {
  /** @throws NOT_FOUND, or CONFLICT for an ensemble, which has no network of its own */
  const networkOf = ({ run: reference, at }: { run: RunReference; at: NetworkAt['at'] }): NetworkAt => {
    const workspace = holder.read();
    const run = finder.find(reference);
    const config = run.config as AnyConfig;
    if (isEnsemble(config))
      throw conflict(`Run ${run.id} is an ensemble.`, { hint: 'Look into its members.' });
    return { workspace: workspace.directory, runDirectory: workspace.runs.directoryOf(run), config, at };
  };

  return {
    face: procedures.layers.face.handler(async ({ input: { imageId, layer, ...of }, signal }) => {
      const network = networkOf(of);
      const face = await inspector.ask({ network, ask: 'face', imageId, layer }, { signal });
      return {
        picture: viewPicture(face.picture),
        labels: Array.from(face.labels, (value) => (Number.isNaN(value) ? null : value)),
        points: [...face.points],
        shape: [...face.shape],
        values: base64(face.values),
      };
    }),
    cell: procedures.layers.cell.handler(
      async ({ input: { imageId, layer, channel, row, column, ...of }, signal }) => {
        const cell = { channel, row, column };
        const network = networkOf(of);
        const found = await inspector.ask({ network, ask: 'cell', imageId, layer, cell }, { signal });
        return { ...found, arithmetic: viewArithmetic(found.arithmetic) };
      },
    ),
    weights: procedures.layers.weights.handler(async ({ input: { layer, from, count, ...of }, signal }) => {
      const network = networkOf(of);
      const found = await inspector.ask({ network, ask: 'weights', layer, from, count }, { signal });
      return { channels: found.channels, shape: [...found.shape], values: base64(found.values) };
    }),
    occlusion: procedures.layers.occlusion.handler(
      async ({ input: { imageId, patch, step, ...of }, signal }) => {
        const network = networkOf(of);
        const { effects, ...grid } = await inspector.ask(
          { network, ask: 'occlusion', imageId, patch, step },
          { signal },
        );
        return { ...grid, effects: base64(effects) };
      },
    ),
    excite: procedures.layers.excite.handler(({ input, signal }) => {
      const network = networkOf(input);
      return explainingEach(exciteEvents(inspector, network, signal));
    }),
    strongest: procedures.layers.strongest.handler(async ({ input: { layer, channel, ...of }, signal }) => {
      const network = networkOf(of);
      const found = await inspector.ask({ network, ask: 'strongest', layer, channel }, { signal });
      return found?.map(({ picture, ...image }) => ({ ...image, picture: viewPicture(picture) })) ?? null;
    }),
  };
}

async function* exciteEvents(
  inspector: InspectorProcess,
  network: NetworkAt,
  signal: AbortSignal | undefined,
): AsyncGenerator<ExciteEvent, void> {
  const { images } = yield* progressOf(
    (onProgress, left) => inspector.ask({ network, ask: 'excite' }, { onProgress, signal: left }),
    signal,
  );
  yield { type: 'done', images };
}

function viewPicture({ width, height, pixels }: InputPicture): InputPictureView {
  return { width, height, pixels: base64(pixels) };
}

function viewArithmetic(arithmetic: Arithmetic): ArithmeticView {
  if (!('patch' in arithmetic)) return arithmetic;
  const { shape, origin, values } = arithmetic.patch;
  const patch = {
    shape: [...shape] as [number, number, number],
    origin: [...origin] as [number, number],
    inputs: base64(values),
  };
  switch (arithmetic.kind) {
    case 'weighted':
      return { kind: arithmetic.kind, ...patch, weights: base64(arithmetic.weights), bias: arithmetic.bias };
    case 'meanPlace':
      return { kind: arithmetic.kind, ...patch, weights: base64(arithmetic.weights) };
    default:
      return { kind: arithmetic.kind, ...patch };
  }
}

function base64({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
