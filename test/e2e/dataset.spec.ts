import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { connectClient } from './client.ts';
import { fiducial, test } from './harness.ts';
import type { Served } from './server.ts';

const grid = (page: Page) => page.getByRole('grid', { name: 'Images' });
const image = (page: Page, id: number) =>
  grid(page).getByRole('gridcell', { name: new RegExp(`^Image ${id}, `) });
const field = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^${name}: `) });
/** How many images a field of the matrix says there are. */
const imagesIn = async (page: Page, name: string) =>
  (await field(page, name).getAttribute('aria-label'))!.replace(/^.*: (.*) images$/, '$1');
const shown = (page: Page) => page.locator('main p strong').first();

let served: Served;

test.beforeEach(async ({ faces, page, serve }) => {
  served = await serve(faces);
  await page.goto(served.address);
  await page.getByRole('link', { name: 'Dataset' }).click();
  await expect(image(page, 1)).toBeVisible();
});

test('shows as many images as the command line counts', async ({ faces, page }) => {
  const { images } = JSON.parse(await fiducial('info', '--json', '--workspace', faces)) as { images: number };
  await expect(shown(page)).toHaveText(String(images));
  await grid(page).press('Control+End');
  await expect(image(page, images)).toBeInViewport();
  await expect(image(page, images)).toHaveAttribute('aria-selected', 'true');
});

test('searches while somebody types, and leaves the keys alone', async ({ page }) => {
  await page.routeWebSocket(/.*/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => setTimeout(() => socket.send(message), 30));
  });
  await page.reload();
  const search = page.getByRole('searchbox', { name: 'Number, name or file' });
  await search.pressSequentially('training.csv', { delay: 165 }); // just after each search has begun
  await expect(search).toHaveValue('training.csv');
  await expect(page).toHaveURL(/text=training\.csv/);
});

test('lays the points over the picture, pixel on pixel', async ({ page }) => {
  const tile = image(page, 1);
  const [picture, points] = [tile.locator('img'), tile.locator('svg')];
  await expect(picture).toHaveJSProperty('naturalWidth', 96);
  await expect(points).toHaveAttribute('viewBox', '0 0 96 96');
  expect(await points.boundingBox()).toEqual(await picture.boundingBox());
  expect(await points.locator('path').count()).toBeGreaterThan(1);
});

test('asks for the pictures of all faces in view at once, and again until they come', async ({ page }) => {
  let requests = 0;
  await page.route('**/media/**', (route) => (requests++ === 0 ? route.abort() : route.continue()));
  await page.reload();
  await expect(image(page, 1).locator('img')).toHaveJSProperty('naturalWidth', 96);
  const faces = await grid(page).locator('img').count();
  expect(faces).toBeGreaterThan(5);
  await expect(grid(page).locator('img[src^="data:image/png"]')).toHaveCount(faces);
  expect(requests).toBeLessThanOrEqual(3);
});

test('walks by the arrow keys and opens by Enter with the same images', async ({ page }) => {
  const columns = Number(await grid(page).getAttribute('aria-colcount'));
  await image(page, 1).click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(image(page, 2 + columns)).toHaveAttribute('aria-selected', 'true');
  await expect(grid(page)).toHaveAttribute(
    'aria-activedescendant',
    (await image(page, 2 + columns).getAttribute('id'))!,
  );
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`#/label\\?image=${2 + columns}$`));
  await page.goBack();
  await expect(image(page, 2 + columns)).toHaveAttribute('aria-selected', 'true');
});

test('the rail leads to labelling what is shown, and back to what is labelled', async ({ page }) => {
  await page.getByLabel('Keypoint', { exact: true }).selectOption('left_eye_inner_corner');
  await expect(page).toHaveURL(/#\/dataset\?keypoint=left_eye_inner_corner&state=missing$/);
  await page.keyboard.press('Control+3');
  await expect(page).toHaveURL(/#\/label\?keypoint=left_eye_inner_corner&state=missing&image=\d+$/);
  await page.getByRole('link', { name: 'Dataset' }).click();
  await expect(page).toHaveURL(/#\/dataset\?keypoint=left_eye_inner_corner&state=missing$/);
});

test('coming back from an image far down shows it where it was', async ({ faces, page }) => {
  const { images } = JSON.parse(await fiducial('info', '--json', '--workspace', faces)) as { images: number };
  await grid(page).press('Control+End');
  await grid(page).press('Enter');
  await expect(page).toHaveURL(new RegExp(`#/label\\?image=${images}$`));
  await page.goBack();
  await expect(image(page, images)).toBeInViewport();
});

test('scrolling stays where it is when more faces come', async ({ page }) => {
  const scrolledBy = () => grid(page).evaluate(({ scrollTop }) => scrollTop);
  await grid(page).hover();
  await page.mouse.wheel(0, 4000);
  await expect.poll(scrolledBy).toBeGreaterThan(3900);
  await expect(grid(page).getByRole('gridcell', { name: 'loading' })).toHaveCount(0);
  await page.waitForTimeout(300);
  expect(await scrolledBy()).toBeGreaterThan(3900);
});

test('the grid is as long at its end as it was before anything was seen, and shows the last faces', async ({
  page,
}) => {
  const length = () => grid(page).evaluate((element) => element.scrollHeight);
  const before = await length();
  await grid(page).hover();
  for (let i = 0; i < 40; i++) {
    await page.mouse.wheel(0, 500);
    await page.waitForTimeout(20);
  }
  expect(await length()).toBe(before);
  await expect(image(page, 300)).toBeInViewport();
  await expect(grid(page).getByRole('gridcell', { name: /loading/ })).toHaveCount(0);
});

test('another order begins with its first face, however far down the last one was seen', async ({ page }) => {
  await grid(page).evaluate((element) => (element.scrollTop = 3000));
  await expect(image(page, 1)).not.toBeInViewport();
  await page.getByRole('combobox', { name: 'Order' }).selectOption({ label: 'outliers first' });
  await expect(
    grid(page)
      .getByRole('gridcell', { name: /standard deviations$/ })
      .first(),
  ).toBeInViewport();
  expect(await grid(page).evaluate((element) => element.scrollTop)).toBe(0);
});

test('a field of the matrix filters, the address keeps it, and back takes it away', async ({ page }) => {
  const all = await shown(page).textContent();
  const missing = await imagesIn(page, 'left_eye_center missing');
  await field(page, 'left_eye_center missing').click();
  await expect(shown(page)).toHaveText(missing);
  await expect(page).toHaveURL(/#\/dataset\?keypoint=left_eye_center&state=missing$/);
  await expect(page.getByLabel('Keypoint', { exact: true })).toHaveValue('left_eye_center');

  await page.reload();
  await expect(shown(page)).toHaveText(missing);
  await expect(field(page, 'left_eye_center missing')).toHaveAttribute('aria-pressed', 'true');

  await page.goBack();
  await expect(shown(page)).toHaveText(all!);
  await page.goForward();
  await expect(shown(page)).toHaveText(missing);
});

test('going back at once takes back a choice whose faces are still on their way', async ({ page }) => {
  await page.routeWebSocket(/.*/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => setTimeout(() => socket.send(message), 100));
  });
  await page.reload();
  await expect(image(page, 1)).toBeVisible();
  const all = await shown(page).textContent();
  await field(page, 'left_eye_center missing').click();
  await expect(page).toHaveURL(/keypoint=left_eye_center/);
  await field(page, 'nose_tip missing').evaluate((element: HTMLElement) => {
    element.click();
    history.back();
  });
  await expect(page).toHaveURL(/#\/dataset$/);
  await expect(shown(page)).toHaveText(all!);
  await page.waitForTimeout(200); // an address that comes late would have come
  await expect(page).toHaveURL(/#\/dataset$/);
});

test('filters hold together, and each is taken away by itself', async ({ faces, page }) => {
  await page.getByRole('combobox', { name: 'Images' }).selectOption('training');
  await page.getByLabel('Complete', { exact: true }).selectOption('yes');
  await expect(page).toHaveURL(/kind=training&complete=yes$/);
  const info = JSON.parse(await fiducial('info', '--json', '--workspace', faces)) as Record<string, number>;
  const complete = String(info['completeImages']);
  await expect(shown(page)).toHaveText(complete);
  await field(page, 'nose_tip missing').click();
  await expect(page.getByText('No image is like that.')).toBeVisible();
  await page.getByRole('button', { name: 'Take away: nose_tip missing' }).click();
  await expect(shown(page)).toHaveText(complete);
  await page.getByRole('button', { name: 'Clear all' }).click();
  await expect(page).toHaveURL(/#\/dataset$/);
});

test('text finds images by their number, and typing makes one step of the history', async ({ page }) => {
  await page.getByRole('searchbox').pressSequentially('299', { delay: 200 });
  await expect(shown(page)).toHaveText('1');
  await expect(image(page, 299)).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/#\/dataset$/);
});

test('the order can be chosen and reversed', async ({ page }) => {
  await page.getByLabel('Order', { exact: true }).selectOption('missing');
  await expect(grid(page).getByRole('gridcell').first()).toHaveAccessibleName(/ 0 of 15 /);
  await page.getByRole('button', { name: 'Reverse the order' }).click();
  await expect(grid(page).getByRole('gridcell').first()).toHaveAccessibleName(/ 15 of 15 /);
  await expect(page).toHaveURL(/order=missing&reversed=yes$/);
});

test('the strangest labels come first, circled, with how far off they are', async ({ page }) => {
  await page.getByLabel('Order', { exact: true }).selectOption('outlier');
  const first = grid(page).getByRole('gridcell').first();
  await expect(first).toHaveAccessibleName(/ \d+\.\d px off, \d+(\.\d)? standard deviations$/);
  await expect(first.locator('path.outlier')).toBeVisible();
});

test('counts and faces follow what somebody else labels, and takes back', async ({ page }) => {
  await field(page, 'nose_tip missing').click();
  await expect(page).toHaveURL(/keypoint=nose_tip/);
  const before = Number(await imagesIn(page, 'nose_tip missing'));
  await expect(shown(page)).toHaveText(String(before));

  const { client, close } = await connectClient(served.address);
  const filter = { keypoint: 'nose_tip', state: 'missing' } as const;
  const { images } = await client.images.page({ filter, limit: 1 });
  const { schema } = await client.workspace.outline();
  const cell = { imageId: images[0]!.id, keypoint: schema.keypoints.indexOf('nose_tip') };
  const after = { state: 'visible', x: 48, y: 50 } as const;
  await client.labels.apply({ changes: [{ ...cell, before: { state: 'missing' }, after }] });
  await expect(shown(page)).toHaveText(String(before - 1));
  await expect(field(page, 'nose_tip missing')).toHaveAccessibleName(
    `nose_tip missing: ${before - 1} images`,
  );

  await client.labels.undo({});
  await expect(shown(page)).toHaveText(String(before));
  close();
});

test('shows where labels lie over the mean face', async ({ page }) => {
  await expect(page.getByRole('img', { name: /^All keypoints: where [\d,]+ labels lie/ })).toBeVisible();
  await field(page, 'nose_tip visible').click();
  await expect(page.getByRole('img', { name: /^nose_tip: where \d+ labels lie/ })).toBeVisible();
});

for (const colorScheme of ['dark', 'light'] as const)
  test(`has no accessibility violation (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await expect(page.getByRole('img', { name: /labels lie/ })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);
  });
