/**
 * The label screen's editor, as long as the page lives: it goes on storing what is in its outbox, and keeps the images at
 * hand, while the person looks at another screen.
 */
import { toast } from 'svelte-sonner';
import { SvelteMap } from 'svelte/reactivity';
import { ConnectionLost, service } from '../connection.ts';
import { counted } from '../frame/format.ts';
import { saving } from '../frame/saving.svelte.ts';
import { session as frame } from '../frame/session.svelte.ts';
import { settings } from '../frame/settings.svelte.ts';
import type { WorkspaceOutline } from '../../contract/workspace.ts';
import { Editor } from './editor.ts';
import { Gestures } from './gestures.ts';
import { PictureCache } from './picture-cache.ts';
import type { EditorState } from './state.ts';
import { usualView, type ViewSettings } from './view-settings.ts';
import type { Point, Viewport } from './viewport.ts';

const viewSetting = 'label.view';

export class LabelSession {
  readonly editor: Editor;
  readonly gestures: Gestures;
  readonly pictures = new PictureCache();
  state: EditorState = $state.raw()!;
  viewport: Viewport = $state.raw()!;
  pointer = $state.raw<Point>();
  panning = $state(false);
  #markers = $state(true);

  /** Gives the picture the keyboard; nothing while it is not shown. */
  focusPicture: () => void = () => undefined;

  /** Whether the next frame shows what is new. */
  #isDue = false;

  constructor({ directory, schema }: WorkspaceOutline) {
    this.editor = new Editor({
      service,
      schema,
      workspace: directory,
      isSeen: (image) => this.pictures.ready(image) !== undefined,
      me: () => ({ kind: 'human', name: frame.user }),
      isLost: (error) => error instanceof ConnectionLost,
    });
    this.gestures = new Gestures(this.editor, () => this.#show());
    this.state = this.editor.state;
    this.viewport = this.gestures.viewport;
    this.editor.desk.subscribe(() => {
      tellUnsaved();
      this.#show();
    });
  }

  /** Hears what others do. @returns what ends that */
  listen(): () => void {
    return frame.onChange((change) =>
      this.editor.desk.hear(change, 'client' in change && change.client === frame.client),
    );
  }

  /** Whether points are shown at all. */
  get markers(): boolean {
    return this.#markers;
  }

  set markers(shown: boolean) {
    this.#markers = this.gestures.markersShown = shown;
  }

  get view(): ViewSettings {
    return settings.get(viewSetting, usualView);
  }

  setView(patch: Partial<ViewSettings>): void {
    settings.set(viewSetting, { ...this.view, ...patch });
  }

  /**
   * With the next frame, however much happens until then: it would not be seen sooner, and what is to be stored is on its
   * way before the screen is drawn.
   */
  #show(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.state = this.editor.state;
      this.viewport = this.gestures.viewport;
      this.pointer = this.gestures.pointer;
      this.panning = this.gestures.panning;
      this.#fetchPictures(this.editor.state.soon);
    });
  }

  #fetchPictures(ids: readonly number[]): void {
    for (const id of ids) {
      const image = this.editor.desk.supply.store.get(id);
      if (image && !this.pictures.has(image)) this.pictures.load(image).catch(() => undefined); // said when it is shown
    }
  }
}

interface Present {
  readonly workspace: string;
  readonly session: LabelSession;
  /** Hears no more of what others do. */
  readonly close: () => void;
}

let present: Present | undefined;
/** By workspace, those that the page no longer shows and that have something to store yet. */
const left = new SvelteMap<string, LabelSession>();

/** One for each workspace that the page shows. */
export function labelSession(outline: WorkspaceOutline): LabelSession {
  const { directory } = outline;
  if (present?.workspace !== directory) {
    if (present) leave(present);
    const session = left.get(directory) ?? new LabelSession(outline);
    present = { workspace: directory, session, close: session.listen() };
    if (left.delete(directory)) session.editor.desk.outbox.retry();
    tellUnsaved();
  }
  return present.session;
}

/** What is not stored belongs to that workspace, and waits until it is open again. */
function leave({ workspace, session, close }: Present): void {
  close();
  const unsaved = waitingIn(session);
  if (unsaved === 0) return;
  left.set(workspace, session);
  toast.error(
    `${counted(unsaved, 'edit')} to ${workspace} could not be stored before another workspace was opened. Keep this page open, and open that one again: then they are stored.`,
    { duration: Infinity },
  );
}

function tellUnsaved(): void {
  const elsewhere = [...left.values()].reduce((sum, session) => sum + waitingIn(session), 0);
  const { problem, conflicts = [] } = present?.session.editor.state ?? {};
  saving.pending = (present ? waitingIn(present.session) : 0) + elsewhere;
  if (problem) saving.problem = `Not saved: ${problem.message}`;
  else if (conflicts.length > 0)
    saving.problem = `Not saved: ${counted(conflicts.length, 'point')} that somebody else has changed, until you decide`;
  else saving.problem = elsewhere > 0 ? `Not saved: ${counted(elsewhere, 'edit')} to another workspace` : '';
}

/** What is not stored, be it on its way or because somebody else was quicker. */
function waitingIn({ editor }: LabelSession): number {
  const { unsaved, conflicts } = editor.desk.outbox;
  return unsaved + conflicts.length;
}

// A nudge waits a moment for the next one; who leaves has made the last.
addEventListener('beforeunload', () => void present?.session.editor.desk.outbox.flush());
