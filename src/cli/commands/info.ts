/** fiducial info */
import type { WorkspaceInfo } from '../../contract/workspace.ts';
import { bar, count, counted, percent, table } from '../format.ts';
import type { Session } from '../session.ts';

export async function info(session: Session): Promise<WorkspaceInfo> {
  session.terminal.print(`Workspace ${session.directory}`);
  const client = await session.client();
  const found = await client.workspace.info();
  session.terminal.print(describe(found));
  return found;
}

function describe(found: WorkspaceInfo): string {
  const { images, trainingImages, completeImages, duplicates, sources, runs, completeness } = found;
  const rows = completeness.map(({ keypoint, states }) => {
    const placed = states.visible + states.occluded;
    const share = trainingImages === 0 ? 0 : placed / trainingImages;
    return [
      keypoint,
      bar(share),
      percent(Math.floor(100 * share) / 100),
      ...Object.values(states).map(count),
    ];
  });
  const paragraphs = [
    [
      `${counted(images, 'image')}: ${count(trainingImages)} to train on, ${count(images - trainingImages)} others.`,
      `${counted(completeImages, 'training image')} with every keypoint placed.`,
      duplicates.groups === 0
        ? 'No image occurs twice.'
        : `${counted(duplicates.images, 'image')} in ${counted(duplicates.groups, 'group')} of near duplicates.`,
      `${counted(runs, 'run')}.`,
    ].join('\n'),
    sources.length === 0
      ? 'Nothing was imported yet. Begin with: fiducial import ARCHIVE'
      : table(
          ['source', 'kind', ' rows'],
          sources.map(({ file, kind, rows }) => [file, kind, count(rows)]),
        ),
  ];
  if (trainingImages > 0)
    paragraphs.push(
      table(
        [
          'keypoint of the training images',
          'placed',
          ' ',
          ...Object.keys(completeness[0]!.states).map((state) => ` ${state}`),
        ],
        rows,
      ),
    );
  return paragraphs.join('\n\n');
}
