/** The table of labels before it is written: what it would hold, and what is new in it. */
import type { TrainingPreview } from '../contract/exports.ts';
import { isPlaced, type Label } from '../domain/label.ts';
import { fieldsOf, trainingColumns, trainingRows } from '../workspace/export/training-csv.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** How many faces are shown. */
const mostFaces = 12;
/** How much of the table is shown: lines below the header, characters of a line. */
const [mostLines, longestLine] = [3, 480];

export function previewTraining(workspace: Workspace): TrainingPreview {
  const rows = [...trainingRows(workspace)];
  const labelsOf = new Map(rows.map(({ imageId, labels }) => [imageId, labels]));
  const fresh = workspace.history
    .sinceImport()
    .filter(({ imageId, label, imported }) => labelsOf.has(imageId) && !samePlace(label, imported));
  const placed = (cells: typeof fresh) => cells.filter(({ label }) => isPlaced(label));
  const known = fresh.filter(({ imported }) => isPlaced(imported));
  const moved = placed(known).length;
  const faces = [...Map.groupBy(fresh, ({ imageId }) => imageId)]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, mostFaces);
  const lines = [
    trainingColumns(workspace),
    ...rows.slice(0, mostLines).map((row) => fieldsOf(workspace, row)),
  ];
  return {
    rows: rows.length,
    placed: rows.reduce((sum, { labels }) => sum + labels.filter(isPlaced).length, 0),
    added: placed(fresh).length - moved,
    moved,
    removed: known.length - moved,
    authors: [...Map.groupBy(fresh, ({ author }) => `${author.kind} ${author.name}`).values()]
      .map((cells) => ({ ...cells[0]!.author, cells: cells.length }))
      .sort((a, b) => b.cells - a.cells),
    faces: faces.map(([imageId, cells]) => {
      const { sha256, width, height } = workspace.images.get(imageId)!;
      const labels = [...labelsOf.get(imageId)!];
      return { imageId, sha256, width, height, labels, fresh: cells.map(({ keypoint }) => keypoint) };
    }),
    lines: lines.map((fields) => {
      const line = fields.join(',');
      return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
    }),
  };
}

/** The table says nothing else of a label. */
function samePlace(a: Label, b: Label): boolean {
  if (!isPlaced(a) || !isPlaced(b)) return isPlaced(a) === isPlaced(b);
  return a.x === b.x && a.y === b.y;
}
