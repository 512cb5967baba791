/** A label desk on the real service, which owns a workspace of drawn images that vanishes after the test. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { onTestFinished } from 'vitest';
import type { Label } from '../../../src/domain/label.ts';
import { missing } from '../../../src/domain/label.ts';
import { randomStream } from '../../../src/domain/random.ts';
import { face15 } from '../../../src/domain/schema.ts';
import { Editor } from '../../../src/renderer/label/editor.ts';
import { Gestures } from '../../../src/renderer/label/gestures.ts';
import type { Service } from '../../../src/service/service.ts';
import { openService } from '../../../src/service/service.ts';
import type { Client } from '../../../src/service/service.ts';
import { Workspace } from '../../../src/workspace/workspace.ts';
import { drawnFace, keypoint, side } from '../../fixtures/faces.ts';
import { scratchDirectory } from '../../workspace/scratch.ts';

export const names = face15.keypoints;

export interface Drawn {
  readonly directory: string;
  /** By image; the first has id 1. */
  readonly faces: readonly (readonly Label[])[];
}

/**
 * A workspace with faces of which an import has labelled everything but the cells left out.
 * @param leaveOut whether a cell is missing; images are counted from 0
 * @param alike whether every second image is nearly the one before it
 */
export function drawWorkspace(
  images: number,
  leaveOut: (image: number, keypoint: number) => boolean,
  alike = false,
): Drawn {
  const directory = scratchDirectory();
  const workspace = Workspace.open(directory, { create: true });
  const faces = Array.from({ length: images }, (_, i) => drawnFace(i));
  workspace.transaction(() => {
    for (const i of faces.keys())
      workspace.images.add({ width: side, height: side, pixels: drawnPixels(i, alike) });
  });
  workspace.journal.apply({
    actor: { kind: 'import', name: '1' },
    changes: faces.flatMap((face, i) =>
      face.flatMap((after, k) => (leaveOut(i, k) ? [] : [{ imageId: i + 1, keypoint: k, after }])),
    ),
  });
  workspace.close();
  return { directory, faces };
}

/** Noise, of which no two are the same. */
function drawnPixels(number: number, alike: boolean): Uint8Array {
  const random = randomStream(8, alike ? number >> 1 : number);
  const pixels = Uint8Array.from({ length: side * side }, () => random.integer(256));
  if (alike && number % 2 === 1) pixels[0]! ^= 1;
  return pixels;
}

export function open({ directory }: Drawn): Service {
  const service = openService(directory);
  onTestFinished(() => service.close());
  return service;
}

/** The service as a page of this person reaches it. */
export function pageOf(service: Service, user: string, client = user): Client {
  const { port1, port2 } = new MessageChannel();
  const line = service.connect({ user, client }, (message) => port2.postMessage(message));
  port2.onmessage = ({ data }) => void line.receive(data as string);
  port1.start();
  onTestFinished(() => {
    line.close();
    port1.close();
    port2.close();
  });
  return createORPCClient<Client>(new RPCLink({ port: port1 }));
}

export class Lost extends Error {}

export function editorOf(client: Client, user = 'ana', isSeen = () => true): Editor {
  return new Editor({
    service: client,
    schema: face15,
    me: () => ({ kind: 'human', name: user }),
    isSeen,
    isLost: (error) => error instanceof Lost,
    linger: 20,
    retryAfter: 5,
  });
}

/** The picture lies 8 times as large in the middle of the canvas. */
export const canvas = { width: 8 * side + 60, height: 8 * side + 60 };

export interface Bench {
  readonly editor: Editor;
  readonly gestures: Gestures;
  readonly client: Client;
  readonly service: Service;
  readonly faces: Drawn['faces'];
  /** Moves the clock of double clicks on. */
  readonly wait: (ms: number) => void;
  /** What the database holds of a cell. */
  readonly stored: (imageId: number, keypoint: number) => Label;
  /** All changes are stored. */
  readonly settled: () => Promise<void>;
}

interface Setting {
  readonly images?: number;
  readonly leaveOut?: (image: number, keypoint: number) => boolean;
  /** The keypoint of loop mode. */
  readonly loop?: number;
  /** Whether every second image is nearly the one before it. */
  readonly alike?: boolean;
  readonly isSeen?: () => boolean;
}

/** Everything is labelled but, in the first twelve images, the left eye's centre and its outer corner; image 1 is shown. */
export async function bench({
  images = 24,
  leaveOut = (image, k) =>
    image < 12 && (k === keypoint('left_eye_center') || k === keypoint('left_eye_outer_corner')),
  loop,
  alike = false,
  isSeen,
}: Setting = {}): Promise<Bench> {
  const drawn = drawWorkspace(images, leaveOut, alike);
  const service = open(drawn);
  const client = pageOf(service, 'ana');
  const editor = editorOf(client, 'ana', isSeen);
  let now = 0;
  const gestures = new Gestures(
    editor,
    () => undefined,
    () => now,
  );
  gestures.resize(canvas);
  await editor.desk.open({ selection: {}, loop }, 1);
  await until(() => editor.state.proposals.length > 0);
  return {
    editor,
    gestures,
    client,
    service,
    faces: drawn.faces,
    wait: (ms) => (now += ms),
    stored: (imageId, k) => service.holder.read().labels.of(imageId)[k] ?? missing,
    settled: () => editor.desk.outbox.flush(),
  };
}

/** Presses and lets go at a place of the image. */
export function click({ gestures, wait }: Bench, x: number, y: number): void {
  wait(1000);
  const { scale, x: left, y: top } = gestures.viewport;
  const at = { x: left + (x + 0.5) * scale, y: top + (y + 0.5) * scale };
  gestures.pointerDown({ ...at, button: 0 });
  gestures.pointerUp(at);
}

/** Until something is so; every test's own time limit ends the wait. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
