/** A picture or the camera of the person's own, with the points as a run places them. Nothing of it leaves the machine, nothing is stored. */
import { service } from '../connection.ts';
import { type Box, firstBox, grayBase64, type Size, toPicture } from './face-box.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The box is drawn so large for the run: what networks read. */
const side = 96;

export class OwnPictures {
  readonly runId: number;
  /** What is looked at; undefined where there is nothing yet. */
  source = $state.raw<ImageBitmap | HTMLVideoElement>();
  size = $state.raw<Size>({ width: 1, height: 1 });
  box = $state.raw<Box>({ x: 0, y: 0, side: 1 });
  /** In pixels of the picture. */
  points = $state.raw<readonly Point[]>([]);
  /** From asking to seeing, of the last answer. */
  milliseconds = $state<number>();
  problem = $state('');
  /** Whether the camera is on. */
  live = $state(false);
  readonly #face = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true })!;
  #stream: MediaStream | undefined;
  #asking = false;
  #again = false;
  #closed = false;

  constructor(runId: number) {
    this.runId = runId;
  }

  async show(file: Blob): Promise<void> {
    this.stop();
    try {
      this.#look(await createImageBitmap(file));
    } catch {
      this.problem = 'This is no picture that can be read: PNG, JPEG or WebP are.';
    }
  }

  /** Asks for the camera, which a person permits or not. */
  async start(): Promise<void> {
    this.stop();
    this.problem = '';
    try {
      await window.desktop?.permitCamera(true);
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: false });
      if (this.#closed) return this.stop();
      const video = document.createElement('video');
      video.muted = true;
      video.srcObject = this.#stream;
      await video.play();
      this.live = true;
      this.#look(video);
    } catch (error) {
      this.stop();
      const { name, message } = error as Error;
      this.problem =
        name === 'NotAllowedError'
          ? 'The camera was not permitted. Permit it in the browser’s or the system’s settings, then try again.'
          : name === 'NotFoundError'
            ? 'There is no camera.'
            : `The camera does not start: ${message}`;
    }
  }

  stop(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    if (this.#stream) void window.desktop?.permitCamera(false);
    this.#stream = undefined;
    this.live = false;
    this.source = undefined;
    this.points = [];
    this.milliseconds = undefined;
  }

  close(): void {
    this.#closed = true;
    this.stop();
  }

  move(box: Box): void {
    this.box = box;
    void this.#ask();
  }

  #look(source: ImageBitmap | HTMLVideoElement): void {
    this.size =
      source instanceof HTMLVideoElement
        ? { width: source.videoWidth, height: source.videoHeight }
        : { width: source.width, height: source.height };
    this.box = firstBox(this.size);
    this.source = source;
    this.problem = '';
    void this.#ask();
  }

  /** One question at a time; what has changed meanwhile is asked afterwards, and of a camera everything. */
  async #ask(): Promise<void> {
    const { source, box } = this;
    if (!source) return;
    if (this.#asking) return void (this.#again = true);
    this.#asking = true;
    this.#again = false;
    const began = performance.now();
    this.#face.drawImage(source, box.x, box.y, box.side, box.side, 0, 0, side, side);
    const pixels = grayBase64(this.#face.getImageData(0, 0, side, side).data);
    try {
      const placed = await service.predictions.live({ run: this.runId, width: side, height: side, pixels });
      if (source === this.source) {
        this.points = placed.map((point) => toPicture(box, side, point));
        this.milliseconds = performance.now() - began;
      }
    } catch (error) {
      this.problem = (error as Error).message;
      this.#asking = false;
      return;
    }
    this.#asking = false;
    if (this.live) requestAnimationFrame(() => void this.#ask());
    else if (this.#again) void this.#ask();
  }
}
