/**
 * The label screen's editor, as long as the page lives: it goes on storing what is in its outbox, and keeps the images at
 * hand, while the person looks at another screen.
 */
import { ConnectionLost, service } from '../connection.ts';
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
  /** Hears no more of what others do. */
  readonly close: () => void;
  state: EditorState = $state.raw()!;
  viewport: Viewport = $state.raw()!;
  pointer = $state.raw<Point>();
  panning = $state(false);
  #markers = $state(true);

  /** Gives the picture the keyboard; nothing while it is not shown. */
  focusPicture: () => void = () => undefined;

  /** Whether the next frame shows what is new. */
  #isDue = false;

  constructor(schema: WorkspaceOutline['schema']) {
    this.editor = new Editor({
      service,
      schema,
      me: () => ({ kind: 'human', name: frame.user }),
      isLost: (error) => error instanceof ConnectionLost,
    });
    this.gestures = new Gestures(this.editor, () => this.#show());
    this.state = this.editor.state;
    this.viewport = this.gestures.viewport;
    this.editor.desk.subscribe((state) => this.#take(state));
    this.close = frame.onChange((change) =>
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

  #take({ unsaved, problem }: EditorState): void {
    saving.pending = unsaved;
    saving.problem = problem ? `Not saved: ${problem.message}` : '';
    this.#show();
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

let present: { readonly workspace: string; readonly session: LabelSession } | undefined;

/** One for each workspace that the page shows. */
export function labelSession({ directory, schema }: WorkspaceOutline): LabelSession {
  if (present?.workspace !== directory) {
    // What was not stored belongs to the workspace that is no longer there.
    present?.session.editor.desk.outbox.discard();
    present?.session.close();
    present = { workspace: directory, session: new LabelSession(schema) };
  }
  return present.session;
}
