/** Labels that are probably wrong, one after the other, each with a verdict by one key that can be taken back. */
import { SvelteMap } from 'svelte/reactivity';
import type { LabelChange } from '../../contract/labels.ts';
import type { SuspectView } from '../../contract/suspects.ts';
import { service } from '../connection.ts';
import { session } from '../frame/session.svelte.ts';
import { accepted, cleared, confirmed } from './changes.ts';
import { attempt } from './storing.ts';

export type Verdict = 'right' | 'wrong' | 'prediction';

export class Suspects {
  readonly runId: number;
  list = $state.raw<readonly SuspectView[]>();
  judged = $state(0);
  at = $state(0);
  problem = $state('');
  /** By image: what the person has said in this sitting. */
  readonly verdicts = new SvelteMap<number, Verdict>();
  readonly #said: { readonly suspect: SuspectView; readonly changes: LabelChange[] }[] = [];

  constructor(runId: number) {
    this.runId = runId;
  }

  use(): void {
    const looking = new AbortController();
    void this.#load(looking.signal);
    $effect(() =>
      session.onChange((change) => {
        if (change.type === 'predictions') void this.#load(looking.signal);
      }),
    );
    $effect(() => () => looking.abort());
  }

  get current(): SuspectView | undefined {
    return this.list?.[this.at];
  }

  go(at: number): void {
    this.at = Math.max(0, Math.min((this.list?.length ?? 1) - 1, at));
  }

  /** Stores what the person says, and goes on to the next one that nothing was said of. */
  async say(verdict: Verdict): Promise<void> {
    const suspect = this.current;
    if (!suspect || this.verdicts.has(suspect.image.id)) return;
    const changes = this.#changesFor(suspect, verdict);
    if (changes.length === 0) return;
    const note = { right: 'found right', wrong: 'a wrong label', prediction: 'a wrong label' }[verdict];
    if (
      !(await attempt(
        async () => void (await service.suspects.settle({ workspace: session.workspace, changes, note })),
      ))
    )
      return;
    this.verdicts.set(suspect.image.id, verdict);
    this.#said.push({ suspect, changes });
    const next = this.list!.findIndex(({ image }, i) => i > this.at && !this.verdicts.has(image.id));
    if (next >= 0) this.at = next;
  }

  /** Takes the last verdict back, and what it changed. */
  async takeBack(): Promise<void> {
    const last = this.#said.at(-1);
    if (!last) return;
    const { suspect, changes } = last;
    const changed = changes.some(({ before, after }) => before !== after);
    const cells = changes.map(({ imageId, keypoint }) => ({ imageId, keypoint }));
    const done = await attempt(async () => {
      if (changed) await service.labels.undo({ workspace: session.workspace, imageId: suspect.image.id });
      await service.suspects.unsettle({ workspace: session.workspace, cells });
    });
    if (!done) return;
    this.#said.pop();
    this.verdicts.delete(suspect.image.id);
    this.at = this.list!.indexOf(suspect);
  }

  #changesFor({ image, keypoints, predicted }: SuspectView, verdict: Verdict): LabelChange[] {
    if (verdict === 'right') return confirmed(image);
    if (verdict === 'wrong') return cleared(image, keypoints);
    return predicted ? accepted(image, predicted, keypoints, this.runId) : [];
  }

  async #load(signal: AbortSignal): Promise<void> {
    try {
      const found = await service.suspects.list({ run: this.runId }, { signal });
      // What was said in this sitting stays in its place.
      const now = (own: SuspectView) => found.suspects.find(({ image }) => image.id === own.image.id) ?? own;
      this.list = this.list?.map(now) ?? found.suspects;
      this.judged = found.judged;
      this.problem = '';
    } catch (error) {
      if (!signal.aborted) this.problem = (error as Error).message;
    }
  }
}
