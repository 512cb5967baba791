/** Where in the user's input a problem lies, and what it is. */
export interface ProblemDetails {
  readonly file?: string;
  /** As a person counts: the header is row 1. */
  readonly row?: number;
  readonly column?: string;
  /** What is there, shortened for display. */
  readonly found?: string;
  readonly expected?: string;
  /** The next step for the person, as an imperative sentence. */
  readonly hint?: string;
}

/** The user's input is at fault (exit code 2); anything else that is thrown is a failure of ours (exit code 1). */
export class InputProblem extends Error {
  override readonly name = 'InputProblem';
  readonly details: ProblemDetails;

  /** @param summary one sentence, without the place: that is put in front of it. */
  constructor(summary: string, details: ProblemDetails = {}) {
    super(describe(summary, details));
    this.details = details;
  }
}

function describe(summary: string, { file, row, column, found, expected, hint }: ProblemDetails): string {
  const place = [
    file,
    row === undefined ? undefined : `row ${row.toLocaleString('en-US')}`,
    column === undefined ? undefined : `column ${column}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
  const contrast = [
    found === undefined ? undefined : `found ${found}`,
    expected === undefined ? undefined : `expected ${expected}`,
  ]
    .filter((part) => part !== undefined)
    .join('; ');
  return [place && `${place}:`, summary, contrast && `(${contrast})`, hint].filter(Boolean).join(' ');
}
