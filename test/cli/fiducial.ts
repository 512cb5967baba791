/** Runs the real command, as a person would. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const command = fileURLToPath(new URL('../../bin/fiducial.mjs', import.meta.url));

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when the text has appeared on standard error; rejects when the command ends before. */
  says(text: string | RegExp): Promise<void>;
}

export function start(...parameters: string[]): Running {
  // XDG_STATE_HOME: the log of unexpected errors stays out of the person's home.
  const env = { ...process.env, XDG_STATE_HOME: tmpdir() };
  const child = spawn(process.execPath, [command, ...parameters], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  const says = (text: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (typeof text === 'string' ? stderr.includes(text) : text.test(stderr)) resolve();
      };
      child.stderr.on('data', look);
      child.on('close', () => reject(new Error(`It ended without saying ${text}:\n${stderr}`)));
      look();
    });
  return { child, ended, says };
}

export function fiducial(...parameters: string[]): Promise<Ended> {
  return start(...parameters).ended;
}

/** A folder that goes when the test file has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fiducial-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
