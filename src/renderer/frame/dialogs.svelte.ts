/** Which of the frame's dialogs is open: one at a time. */
type Dialog = 'palette' | 'shortcuts' | 'settings';

class Dialogs {
  shown = $state<Dialog>();

  open(dialog: Dialog): void {
    this.shown = dialog;
  }

  close(): void {
    this.shown = undefined;
  }
}

export const dialogs = new Dialogs();
