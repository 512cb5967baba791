/** Counts over all images keep the service busy for a while: they are asked for when the pictures in view are there. */

/** The longest that anything waits for pictures, in milliseconds. */
const patience = 2000;

/** Resolves when nothing in view is being waited for any more. */
export async function whenViewIsThere(): Promise<void> {
  const until = performance.now() + patience;
  do await new Promise((resolve) => setTimeout(resolve, 16));
  while (isComing() && performance.now() < until);
}

const isComing = () =>
  document.querySelector('[aria-busy=true]') !== null ||
  [...document.images].some((image) => !image.complete);
