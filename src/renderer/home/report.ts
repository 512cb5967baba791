/** What an import has brought, in words. */
import type { ImportReport } from '../../contract/imports.ts';
import { count, counted, pixels } from '../frame/format.ts';

/** Something that a person should know of, with the places where it was found. */
export interface Remark {
  readonly text: string;
  /** What it means, and what to do about it. */
  readonly meaning: string;
  /** Where these images are shown. */
  readonly shownAt?: string;
  readonly columns: readonly string[];
  /** The first of them. */
  readonly rows: readonly (readonly string[])[];
  readonly total: number;
}

/** `Imported 3,320 training images and 912 test images in 4.1 s. 12 images occur twice.` */
export function headline(report: ImportReport): string {
  const { importId, trainingImages, testImages, imagesAdded, labels, duplicates, seconds } = report;
  const time = `${seconds.toFixed(1)} s`;
  if (importId === null) return `Nothing new: all of it was in the workspace already (${time}).`;
  if (imagesAdded + labels.added + labels.merged === 0)
    return `Nothing was added: its images were in the workspace already, with labels for what it labels (${time}).`;
  const images = [
    ...(trainingImages > 0 ? [counted(trainingImages, 'training image')] : []),
    ...(testImages > 0 ? [counted(testImages, 'test image')] : []),
  ];
  const brought = images.length > 0 ? `Imported ${images.join(' and ')}` : 'Imported';
  const twice =
    duplicates.exact === 0 ? '' : ` ${counted(duplicates.exact, 'image occurs', 'images occur')} twice.`;
  return `${brought} in ${time}.${twice}`;
}

/** Counts, with what is counted. */
export function figures({ imagesAdded, labels, duplicates, askedValues }: ImportReport): [string, number][] {
  const all: [string, number][] = [
    ['images new', imagesAdded],
    ['labels on new images', labels.added],
    ['labels into missing cells', labels.merged],
    ['labels as they were', labels.unchanged],
    ['groups of near duplicates', duplicates.nearGroups],
    ['values that a submission gives', askedValues],
  ];
  return all.filter(([, value]) => value > 0);
}

export function remarks(report: ImportReport): Remark[] {
  const { conflicts, outside, disagreements, testInTraining, ignored } = report;
  const place = ({ file, row }: { file: string; row: number }) => [shortFile(file), count(row)];
  const all: Remark[] = [
    {
      text: counted(
        conflicts.total,
        'label kept though the file says otherwise',
        'labels kept though the file says otherwise',
      ),
      meaning: 'An import fills missing cells and overwrites nothing. Look at these images and decide.',
      shownAt: '#/dataset?disputed=yes',
      columns: ['file', 'row', 'keypoint', 'kept from'],
      rows: conflicts.first.map((found) => [...place(found), found.keypoint, found.keptFrom]),
      total: conflicts.total,
    },
    {
      text: counted(
        disagreements.total,
        'row repeats a picture with other labels',
        'rows repeat a picture with other labels',
      ),
      meaning: 'The first row’s labels count.',
      columns: ['file', 'row', 'same picture as row'],
      rows: disagreements.first.map((found) => [...place(found), count(found.sameAs.row)]),
      total: disagreements.total,
    },
    {
      text: counted(
        outside.total,
        'label lies slightly outside its picture',
        'labels lie slightly outside their pictures',
      ),
      meaning: 'They were imported as they are.',
      columns: ['file', 'row', 'keypoint', 'x', 'y'],
      rows: outside.first.map((found) => [...place(found), found.keypoint, pixels(found.x), pixels(found.y)]),
      total: outside.total,
    },
    {
      text: counted(
        testInTraining.total,
        'test picture is a training picture too',
        'test pictures are training pictures too',
      ),
      meaning: 'A model has seen the answers to these.',
      columns: ['file', 'row', 'image'],
      rows: testInTraining.first.map((found) => [...place(found), found.imageKey]),
      total: testInTraining.total,
    },
    {
      text: counted(ignored.length, 'file was left out', 'files were left out'),
      meaning: 'They are none of the tables.',
      columns: ['file'],
      rows: ignored.map((file) => [shortFile(file)]),
      total: ignored.length,
    },
  ];
  return all.filter(({ total }) => total > 0);
}

/** `faces.zip > training.csv` is training.csv to whoever has just imported faces.zip. */
const shortFile = (file: string) => file.split(' > ').at(-1)!;
