import { execFileSync } from 'node:child_process';

/** The training process that a process has started. */
export function trainerOf(parent: number): number {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const processes = lines.map((line) => /^ *(\d+) +(\d+) (.*)/.exec(line) ?? []);
  const trainer = processes.find(
    ([, , ppid, args]) => Number(ppid) === parent && args?.includes('trainer/main.ts'),
  );
  return Number(trainer?.[1]);
}
