/** A workspace of any size for what is measured on the screens: pictures of noise, labelled as the competition's are. */
import { randomStream } from '../../src/domain/random.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { drawPicture, side } from './pictures.ts';

/** Four of the fifteen keypoints are nearly always there, the others in a third of the images. */
const often = new Set(['left_eye_center', 'right_eye_center', 'nose_tip', 'mouth_center_bottom_lip']);

/** Written into an empty folder; 100,000 images take about a minute. */
export function drawWorkspace(directory: string, images: number): void {
  const random = randomStream(images);
  const workspace = Workspace.open(directory, { create: true });
  const { keypoints } = workspace.schema;
  workspace.transaction(() => {
    for (let i = 0; i < images; i++)
      workspace.images.add({ width: side, height: side, pixels: drawPicture(random) });
  });
  const ids = workspace.images.ids();
  function* labels() {
    for (const imageId of ids) {
      const isFull = random.uniform() < 0.3;
      for (let keypoint = 0; keypoint < keypoints.length; keypoint++) {
        if (random.uniform() > (isFull || often.has(keypoints[keypoint]!) ? 0.98 : 0.04)) continue;
        const place = () => Math.round(10 * (16 + 64 * random.uniform())) / 10;
        yield { imageId, keypoint, after: { state: 'visible' as const, x: place(), y: place() } };
      }
    }
  }
  workspace.journal.apply({ actor: { kind: 'import', name: '1' }, changes: labels() });
  workspace.close();
}
