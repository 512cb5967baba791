/** What the label editor shows: one immutable value, replaced as a whole. */
import type { Author, Cell } from '../../contract/cells.ts';
import type { EditorImage } from '../../contract/images.ts';
import type { Label } from '../../domain/label.ts';
import type { Warning } from '../../domain/warnings.ts';
import type { Conflict } from './outbox.ts';
import type { Pace } from './pace.ts';
import type { Proposal } from './proposals.ts';
import type { Counts, Work } from './supply.ts';
import type { Point } from './viewport.ts';

/** One keypoint of the image, as the person sees it. */
export interface CellView {
  readonly label: Label;
  /** Whom it is due to; null where nobody ever said anything. */
  readonly author: Author | null;
  /** Whether the database holds it so. */
  readonly saved: boolean;
}

/** A point that is being moved and is no label yet. */
interface Held {
  readonly keypoint: number;
  readonly x: number;
  readonly y: number;
  /** By the pointer it becomes a label when let go; by keys it is a proposal until accepted. */
  readonly by: 'pointer' | 'keys';
  /** What it began as; undefined where nothing was proposed. */
  readonly proposal?: Proposal | undefined;
}

/** A labelled cell that is shown without its point. */
export interface Blind {
  readonly cell: Cell;
  /** The person's place, and how it compares; undefined until they have answered. */
  readonly answer?: Point & {
    readonly id: number;
    /** Until they take it back. */
    readonly counts: boolean;
    readonly pixels: number;
    readonly label: Label;
    readonly author: Author | null;
  };
}

/** What happened, said beside the pointer for a moment. Each has a number of its own, so that the same words can be said again. */
interface Hint {
  readonly text: string;
  readonly number: number;
}

export interface EditorState {
  readonly work: Work;
  /** The image shown; undefined while none is, or where the selection is empty. */
  readonly image: EditorImage | undefined;
  /** Whether an image is on its way. */
  readonly loading: boolean;
  /** In the schema's order. */
  readonly cells: readonly CellView[];
  /** The keypoint that the next click or key is about. */
  readonly target: number | undefined;
  /** The state that the next placement gives. */
  readonly placing: 'visible' | 'occluded';
  readonly held: Held | undefined;
  /** For missing points, in the schema's order. */
  readonly proposals: readonly (Proposal | undefined)[];
  readonly warnings: readonly Warning[];
  readonly blind: Blind | undefined;
  readonly hint: Hint | undefined;
  /** Why something could not be shown; empty where it could. */
  readonly failure: string;
  /** Ids of the images gone through, and where among them the present one is. */
  readonly roll: { readonly ids: readonly number[]; readonly at: number };
  /** Images whose pictures will be wanted soon. */
  readonly soon: readonly number[];
  readonly counts: Counts | undefined;
  readonly pace: Pace;
  /** Cells whose change is not stored yet. */
  readonly unsaved: number;
  readonly conflicts: readonly Conflict[];
  /** Why nothing can be stored. */
  readonly problem: Error | undefined;
}
