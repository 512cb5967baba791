/**
 * What the service and the process that looks into networks say to each other, over training/parent.ts. Each question
 * has a number, under which come its progress and its one answer. Questions are answered in turns: a long one lets
 * others in between its steps.
 */
import type { RunConfig } from '../training/config.ts';
import type { Picture, RunModel } from '../training/messages.ts';
import type { Arithmetic } from './arithmetic.ts';
import type { Occlusion } from './occlusion.ts';
import type { Cell, Region } from './receptive-field.ts';
import type { Excitement } from './strongest.ts';

/** A network of a run: as it began, at a kept epoch, or at its best one. */
export interface NetworkAt {
  /** The workspace's folder; opened read-only. */
  readonly workspace: string;
  readonly runDirectory: string;
  readonly config: RunConfig;
  readonly at: 'start' | 'best' | number;
}

export type Question = NetworkQuestion | PlaceQuestion;

/** Where finished networks place keypoints on pictures of any size; the mean of several. */
export interface PlaceQuestion {
  readonly ask: 'place';
  /** The workspace's folder; opened read-only. */
  readonly workspace: string;
  readonly models: readonly RunModel[];
  readonly pictures: readonly Picture[];
}

type NetworkQuestion = { readonly network: NetworkAt } & (
  | { readonly ask: 'face'; readonly imageId: number; readonly layer: string }
  | { readonly ask: 'cell'; readonly imageId: number; readonly layer: string; readonly cell: Cell }
  | { readonly ask: 'weights'; readonly layer: string; readonly from: number; readonly count: number }
  | { readonly ask: 'occlusion'; readonly imageId: number; readonly patch: number; readonly step: number }
  /** Finds what excites every channel most, over all images, unless it is known already. */
  | { readonly ask: 'excite' }
  | { readonly ask: 'strongest'; readonly layer: string; readonly channel: number }
);

/** A picture as the network gets it. Places are in pixels of the network's input. */
export interface InputPicture {
  readonly width: number;
  readonly height: number;
  /** Gray, before it is normalised. */
  readonly pixels: Uint8Array;
}

export interface FaceAnswer {
  readonly picture: InputPicture;
  /** [keypoints, 2]: NaN where the image has no label. */
  readonly labels: Float32Array;
  /** [keypoints, 2]: where this network places them, without averaging over the mirror image. */
  readonly points: Float32Array;
  /** Of what the layer comes to: [channels, height, width] or [values]. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface CellAnswer {
  readonly value: number;
  /** Of the picture; null where it sees nothing of it. */
  readonly field: Region | null;
  readonly arithmetic: Arithmetic;
}

export interface WeightsAnswer {
  /** In all. */
  readonly channels: number;
  /** Of one channel: [channels, height, width] of the layer's input. */
  readonly shape: readonly [number, number, number];
  /** [count, ...shape] */
  readonly values: Float32Array;
}

/** One of the images that excite a channel most. */
export interface StrongestImage extends Excitement {
  readonly picture: InputPicture;
  /** What the strongest cell of the channel sees. */
  readonly field: Region | null;
}

/** Null until `excite` has been answered. */
export type StrongestAnswer = readonly StrongestImage[] | null;

interface ExciteAnswer {
  readonly images: number;
}

/** By what is asked. */
export interface Answers {
  readonly face: FaceAnswer;
  readonly cell: CellAnswer;
  readonly weights: WeightsAnswer;
  readonly occlusion: Occlusion;
  readonly excite: ExciteAnswer;
  readonly strongest: StrongestAnswer;
  /** For each picture, in that picture's pixels: [keypoints, 2], and [keypoints]. */
  readonly place: readonly { readonly points: Float32Array; readonly spread: Float32Array }[];
}

export type ToInspector =
  | { readonly type: 'ask'; readonly id: number; readonly question: Question }
  /** Nobody waits for the answer any more. */
  | { readonly type: 'forget'; readonly id: number };

export type FromInspector =
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly type: 'answer'; readonly id: number; readonly answer: Answers[Question['ask']] }
  /** `input` when the user's input is at fault (InputProblem). */
  | { readonly type: 'problem'; readonly id: number; readonly reason: string; readonly input: boolean };
