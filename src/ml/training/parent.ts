/**
 * A child process's line to whoever started it: the channel of Node's fork, or, in the desktop app, of Electron's
 * utility process.
 */
interface UtilityPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

const port = (process as { parentPort?: UtilityPort }).parentPort;

/** Electron does not tell when a message is out; in milliseconds. */
const timeToLeave = 200;

export const parent = {
  listen(listener: (message: unknown) => void): void {
    if (port) port.on('message', ({ data }) => listener(data));
    else process.on('message', listener);
  },
  /** Does nothing once the parent has gone. */
  send(message: unknown): void {
    if (port) port.postMessage(message);
    else if (process.connected) process.send!(message);
  },
  /** Ends the process when its last message is out. */
  leave(message: unknown, exitCode: number): void {
    const exit = () => process.exit(exitCode);
    if (port) {
      port.postMessage(message);
      setTimeout(exit, timeToLeave);
    } else if (process.connected) process.send!(message, exit);
    else exit();
  },
};
