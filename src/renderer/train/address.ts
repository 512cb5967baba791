/** Where a run is shown. */
export const runQuery = (run: number): URLSearchParams => new URLSearchParams({ run: String(run) });
