/** Faces as pictures inside the page: labels as rings, predictions as crosses, a line from one to the other. */
import type { Points } from '../../domain/points.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { grayPng } from '../png.ts';
import { html, type Html } from './html.ts';

export interface ReportFace {
  readonly imageId: number;
  /** In pixels. */
  readonly rmse: number;
  /** [keypoints, 2] in pixels of the image; NaN in `truth` where there is no label. */
  readonly truth: Points;
  readonly predicted: Points;
}

export function faces(workspace: Workspace, shown: readonly ReportFace[]): Html {
  return html`<ul class="faces">
    ${shown.map((face) => html`<li>${figure(workspace, face)}</li> `)}
  </ul>`;
}

function figure({ images, sources }: Workspace, { imageId, rmse, truth, predicted }: ReportFace): Html {
  const { width, height } = images.get(imageId)!;
  const png = grayPng(images.pixels(imageId), width, height).toString('base64');
  const [first] = sources.rowsOf(imageId);
  const where = first ? `row ${first.row}` : '';
  const scale = Math.max(width, height) / 96;
  const ring = 1.6 * scale;
  const paths = { vector: '', label: '', prediction: '' };
  for (let k = 0; k < truth.length; k += 2) {
    // The middle of a pixel is half a pixel from its edge.
    const [x, y, px, py] = [truth[k]!, truth[k + 1]!, predicted[k]!, predicted[k + 1]!].map((v) => round(v + 0.5)) as [number, number, number, number]; // prettier-ignore
    if (Number.isNaN(x)) continue;
    paths.vector += `M${x} ${y}L${px} ${py}`;
    paths.label += `M${round(x - ring)} ${y}a${ring} ${ring} 0 1 1 ${2 * ring} 0a${ring} ${ring} 0 1 1 ${-2 * ring} 0`;
    paths.prediction += `M${round(px - ring)} ${py}h${2 * ring}M${px} ${round(py - ring)}v${2 * ring}`;
  }
  return html`<figure>
    <svg
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-label="Image ${imageId} with its labels and predictions"
    >
      <image href="data:image/png;base64,${png}" width="${width}" height="${height}" />
      <g class="halo" stroke-width="${1.6 * scale}">
        <path d="${paths.vector}${paths.label}${paths.prediction}" />
      </g>
      <g stroke-width="${0.7 * scale}">
        <path class="vector" d="${paths.vector}" />
        <path class="label" d="${paths.label}" />
        <path class="prediction" d="${paths.prediction}" />
      </g>
    </svg>
    <figcaption>
      Image ${imageId}${where && `, ${where}`}<br /><strong>${rmse.toFixed(2)} px</strong>
    </figcaption>
  </figure>`;
}

const round = (value: number) => Math.round(value * 100) / 100;
