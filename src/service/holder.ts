/** The service's hold on its workspace: opened when first needed, as a reader until someone wants to write. */
import type { z } from 'zod';
import type { inWorkspace } from '../contract/labels.ts';
import type { Caller } from './caller.ts';
import { InputProblem } from '../domain/problem.ts';
import { OutdatedWorkspace } from '../workspace/database.ts';
import { Workspace } from '../workspace/workspace.ts';
import { conflict } from './problems.ts';

/** What the caller takes to be so. */
type Meant = z.infer<typeof inWorkspace>;

export class WorkspaceHolder {
  readonly #onWriting: (workspace: Workspace) => void;
  readonly #work = new Set<{ readonly name: string }>();
  #directory: string;
  #workspace: Workspace | undefined;
  /** What was open before somebody wanted to write: whoever is in the middle of reading goes on with it. */
  #reader: Workspace | undefined;
  #writing = false;
  #closed = false;

  /** @param onWriting called with a workspace just opened for writing. */
  constructor(directory: string, onWriting: (workspace: Workspace) => void) {
    this.#directory = directory;
    this.#onWriting = onWriting;
  }

  get directory(): string {
    return this.#directory;
  }

  /** What is open at this moment, if anything. */
  get opened(): Workspace | undefined {
    return this.#workspace;
  }

  /**
   * For reading; works while another process writes.
   * @throws InputProblem when there is no workspace.
   */
  read(): Workspace {
    this.#refuseWhenClosed();
    if (this.#workspace) return this.#workspace;
    try {
      return (this.#workspace = Workspace.openReadOnly(this.#directory));
    } catch (error) {
      if (error instanceof OutdatedWorkspace) return this.write();
      throw error;
    }
  }

  /**
   * For writing, as the only process that does.
   * @throws InputProblem when another process has it open for writing, or when there is none and `create` is not set.
   */
  write({ create = false } = {}): Workspace {
    this.#refuseWhenClosed();
    if (this.#workspace && this.#writing) return this.#workspace;
    const workspace = Workspace.open(this.#directory, { create });
    this.#reader = this.#workspace;
    this.#workspace = workspace;
    this.#writing = true;
    this.#onWriting(workspace);
    return workspace;
  }

  /**
   * As `write`, for who has a certain workspace before them, and in whose name.
   * @throws CONFLICT when another one is open by now, or the caller is another person by now
   */
  writeTo({ workspace: directory, user }: Meant, caller: Pick<Caller, 'user'>): Workspace {
    const workspace = this.write();
    if (directory !== undefined && directory !== workspace.directory)
      throw conflict(`This is for the workspace ${directory}, and ${workspace.directory} is open now.`, {
        hint: 'Open the other one again. Nothing was stored.',
      });
    if (user !== undefined && user !== caller.user)
      throw conflict(`This is by ${user}, and this browser is signed in as ${caller.user} by now.`, {
        hint: `Open the address with the token of ${user}. Nothing was stored.`,
      });
    return workspace;
  }

  /** Lets `onWriting` see to a workspace whose last writer was killed; does nothing while one is at work. */
  settle(): void {
    if (this.#writing) return;
    let workspace: Workspace;
    try {
      workspace = Workspace.open(this.#directory);
    } catch (error) {
      if (error instanceof InputProblem) return;
      throw error;
    }
    this.#onWriting(workspace);
    workspace.close();
  }

  /**
   * Keeps the workspace from being changed for another one, until disposed of.
   * @param name as a sentence begins: `An import`
   */
  occupy(name: string): Disposable {
    const work = { name };
    this.#work.add(work);
    return { [Symbol.dispose]: () => this.#work.delete(work) };
  }

  /**
   * Opens another workspace in place of this one, which stays open where that fails.
   * @throws CONFLICT while something works on this one; InputProblem as `read`, or as `write` where it is to be made
   */
  change(directory: string, { create = false } = {}): void {
    if (directory === this.#directory && this.#workspace) return;
    const [work] = this.#work;
    if (work) throw conflict(`${work.name} is under way.`, { hint: 'Stop it, or wait until it has ended.' });
    const other = new WorkspaceHolder(directory, this.#onWriting);
    if (create) other.write({ create });
    else other.read();
    this.#closeBoth();
    this.#directory = directory;
    this.#workspace = other.#workspace;
    this.#writing = other.#writing;
  }

  /** For good: whatever still works in the background ends with an error. */
  close(): void {
    this.#closeBoth();
    this.#closed = true;
  }

  #closeBoth(): void {
    this.#workspace?.close();
    this.#reader?.close();
    this.#workspace = this.#reader = undefined;
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new Error('The service has ended.');
  }
}
