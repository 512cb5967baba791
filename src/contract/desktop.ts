/** What the desktop's preload offers the page, as `window.desktop`. In a browser there is none. */

/** The data of the window's message that brings the service's port. */
export const servicePortMessage = 'fiducial:service-port';

export interface Desktop {
  /**
   * Starts the service where it does not run, and sends the window a message with a port to it.
   * @throws an Error with the reason when the service cannot be started
   */
  connect(): Promise<void>;
}
