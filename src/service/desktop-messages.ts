/** What the desktop's main process and the service's process say to each other. Each page has a port of its own. */
import type { MediaFile } from './media.ts';

export type ToService =
  /** A page asks for the contract; its port comes with the message. */
  | { readonly type: 'connect'; readonly client: string }
  | { readonly type: 'media'; readonly id: number; readonly address: string }
  | { readonly type: 'child-said'; readonly id: number; readonly message: unknown }
  | { readonly type: 'child-ended'; readonly id: number; readonly how: string | undefined }
  /** No window shows the workspace any more: end when no training is under way. */
  | { readonly type: 'retire' }
  /** End now; trainings stop at a checkpoint. */
  | { readonly type: 'close' };

export type FromService =
  /** It has started. */
  | { readonly type: 'ready' }
  /** The run that trains now; null when none does any more. */
  | { readonly type: 'training'; readonly run: number | null }
  | { readonly type: 'media'; readonly id: number; readonly file: MediaFile | undefined }
  /** A utility process can be started by main only. */
  | { readonly type: 'start-child'; readonly id: number; readonly entry: string; readonly log: string | null }
  | { readonly type: 'tell-child'; readonly id: number; readonly message: unknown }
  | { readonly type: 'kill-child'; readonly id: number };
