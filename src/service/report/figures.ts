/** The parts of a report that are figures: against baselines, by keypoint, over epochs, by distance. */
import type { RunView } from '../../contract/runs.ts';
import type { CurvePoint } from '../../ml/training/messages.ts';
import { lineChart } from './charts.ts';
import { html, type Html, table } from './html.ts';
import { count, counted, px } from './words.ts';

type Validation = NonNullable<RunView['validation']>;

export function judgement({ validation, baselines, validationImages, trainRmse, labelNoise }: RunView): Html {
  if (!validation)
    return html`<p>No image was held out by all of its members, so it cannot be judged here.</p>`;
  const { rmse, interval, pooled, suspects, mirrored, failureRate, cohorts } = validation;
  const best = baselines[0];
  return html`<p class="figure">
      ${px(rmse)} <small>px RMSE; 95 % interval ${px(interval.low)} to ${px(interval.high)}</small>
    </p>
    <p>
      On ${counted(validationImages ?? 0, 'image')} of people that it has not
      seen${mirrored ? ', averaged with the mirror image' : ''}.
      ${best ? html`That is ${Math.round(100 * Math.abs(1 - rmse / best.rmse))}&nbsp;% ${rmse < best.rmse ? 'less' : 'more'} than ${best.name}.` : null}
      ${(100 * failureRate).toFixed(1)}&nbsp;% of the keypoints are more than 5 px off.
      ${suspects.length > 0 ? html`${counted(suspects.length, 'image')} set aside; with ${suspects.length === 1 ? 'it' : 'them'} it is ${px(pooled)} px.` : null}
      ${trainRmse === null ? null : html`On images that it has learned from it is ${px(trainRmse)} px.`}
    </p>
    ${table(
      ['Method', ' RMSE, px', ' This run against it'],
      [
        [html`<strong>this run</strong>`, html`<strong>${px(rmse)}</strong>`, ''],
        ...baselines.map((one) => [one.name, px(one.rmse), signedPercent(rmse / one.rmse - 1)]),
        ...(labelNoise ? [['the labels’ own noise, a floor', px(labelNoise.rmse), '']] : []),
      ],
    )}
    <h3>Cohorts</h3>
    ${table(
      ['Images with', ' Images', ' RMSE, px'],
      cohorts.map(({ name, images, rmse: own }) => [name, count(images), px(own)]),
    )}`;
}

export function keypoints({ perKeypoint }: RunView): Html {
  const largest = Math.max(...perKeypoint.map(({ rmse }) => rmse ?? 0));
  const bar = (rmse: number) =>
    html`<svg class="bar" viewBox="0 0 240 10" aria-hidden="true">
      <rect width="${Math.round((240 * rmse) / largest)}" height="10" />
    </svg>`;
  return table(
    ['Keypoint', ' RMSE, px', 'Beside the largest'],
    perKeypoint.map(({ keypoint, rmse }) => [
      keypoint.replaceAll('_', ' '),
      px(rmse),
      rmse === null ? '' : bar(rmse),
    ]),
  );
}

/** Whether places are as near to their labels as they say. */
export function certainty({ coverage }: RunView): Html {
  return html`${table(
      ['Places that say', ' Count', ' Are within'],
      coverage.map(({ radius, places, within }, i) => [
        radius === null ? `more than ${coverage[i - 1]!.radius} px` : `within ${radius} px`,
        count(places),
        within === null ? '–' : `${(100 * within).toFixed(1)} %`,
      ]),
    )}
    <p class="quiet">
      Every place comes with the radius that should hold nine of ten of its kind. Counted over all validation
      images, on people that the radii were not fitted to.
    </p>`;
}

export function curves(curve: readonly CurvePoint[], { baselines, bestEpoch }: RunView): Html {
  if (curve.length === 0) return html`<p class="quiet">An ensemble does not learn; its members did.</p>`;
  const last = curve.at(-1)!;
  return html`<p>
      ${counted(curve.length, 'epoch')};
      ${bestEpoch === null ? null : html`the parameters of epoch ${bestEpoch} predict.`}
    </p>
    ${lineChart({
      title: `RMSE over ${curve.length} epochs: validation ends at ${px(last.validationRmse)} px, training at ${px(last.trainRmse)} px`,
      ...{ x: 'epoch', y: 'RMSE, px' },
      series: [
        {
          name: `validation ${px(last.validationRmse)}`,
          look: 'own',
          points: curve.map(({ epoch, validationRmse }) => [epoch, validationRmse]),
        },
        {
          name: `training ${px(last.trainRmse)}`,
          look: 'other',
          points: curve.map(({ epoch, trainRmse }) => [epoch, trainRmse]),
        },
      ],
      levels: baselines.map(({ name, rmse }) => ({ name: `${name} ${px(rmse)}`, y: rmse })),
    })}
    ${lineChart({
      title: 'Learning rate over epochs',
      ...{ x: 'epoch', y: 'learning rate' },
      series: [
        {
          name: 'learning rate',
          look: 'own',
          points: curve.map(({ epoch, learningRate }) => [epoch, learningRate]),
        },
      ],
    })}`;
}

export function shares({ cumulative }: Validation): Html {
  return lineChart({
    title: 'Share of the keypoints that are at most so many pixels off',
    ...{ x: 'at most so many pixels off', y: '% of keypoints' },
    series: [
      { name: 'this run', look: 'own', points: cumulative.map(({ pixels, share }) => [pixels, 100 * share]) },
    ],
  });
}

const signedPercent = (share: number) => `${share < 0 ? '−' : '+'}${Math.round(100 * Math.abs(share))} %`;
