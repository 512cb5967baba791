/** The service's hold on its workspace: opened when first needed, as a reader until someone wants to write. */
import { InputProblem } from '../domain/problem.ts';
import { Workspace } from '../workspace/workspace.ts';

export class WorkspaceHolder {
  readonly directory: string;
  readonly #onWriting: (workspace: Workspace) => void;
  #workspace: Workspace | undefined;
  #writing = false;
  #closed = false;

  /** @param onWriting called with a workspace just opened for writing. */
  constructor(directory: string, onWriting: (workspace: Workspace) => void) {
    this.directory = directory;
    this.#onWriting = onWriting;
  }

  /**
   * For reading; works while another process writes.
   * @throws InputProblem when there is no workspace.
   */
  read(): Workspace {
    this.#refuseWhenClosed();
    return (this.#workspace ??= Workspace.openReadOnly(this.directory));
  }

  /** What is open at this moment, if anything. */
  get opened(): Workspace | undefined {
    return this.#workspace;
  }

  /**
   * For writing, as the only process that does.
   * @throws InputProblem when another process has it open for writing, or when there is none and `create` is not set.
   */
  write({ create = false } = {}): Workspace {
    this.#refuseWhenClosed();
    if (this.#workspace && this.#writing) return this.#workspace;
    const workspace = Workspace.open(this.directory, { create });
    this.#workspace?.close();
    this.#workspace = workspace;
    this.#writing = true;
    this.#onWriting(workspace);
    return workspace;
  }

  /** Lets `onWriting` see to a workspace whose last writer was killed; does nothing while one is at work. */
  settle(): void {
    if (this.#writing) return;
    let workspace: Workspace;
    try {
      workspace = Workspace.open(this.directory);
    } catch (error) {
      if (error instanceof InputProblem) return;
      throw error;
    }
    this.#onWriting(workspace);
    workspace.close();
  }

  /** For good: whatever still works in the background ends with an error. */
  close(): void {
    this.#workspace?.close();
    this.#workspace = undefined;
    this.#closed = true;
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new Error('The service has ended.');
  }
}
