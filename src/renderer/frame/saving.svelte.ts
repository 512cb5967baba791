/** How many edits the database has not acknowledged yet. The status line says so, and the page does not close unasked. */
class Saving {
  pending = $state(0);
  /** Why edits cannot be stored for now; empty while they can. */
  problem = $state('');
}

export const saving = new Saving();

addEventListener('beforeunload', (event) => {
  if (saving.pending > 0) event.preventDefault();
});
