// SPDX-License-Identifier: Apache-2.0
// Exploring an index of 100,000 faces, in a real browser.
const assert = require('assert');
const { after, before, beforeEach, test } = require('node:test');
const { Browser, hasNoBarriers } = require('./browser');
const { MockServer } = require('./mock_server');

const FACES = 100_000;
let browser;
let server;
let home;

before(async () => {
  browser = await Browser.start();
  server = new MockServer({ faces: FACES });
  home = await server.start();
});
after(async () => {
  await browser.stop();
  server.stop();
});
beforeEach(() => {
  server.requests.length = 0;
  server.index.said.clear();
});

const searches = () => server.requests.filter((one) => one.path === '/v1/search');
const pictures = () => server.requests.filter((one) => one.path.endsWith('/thumbnail'));
const field = (page) => page.getByRole('combobox');
const tiles = (page) => page.waitForSelector('.tile img');
const count = (page, words) => page.locator('.line [role=status]', { hasText: words }).waitFor();

test('all faces are there, and few of them in the page', () =>
  browser.visit(home, '/#/explore', {}, async (page) => {
    await tiles(page);
    await count(page, /^100,000 faces$/);
    assert.ok(await page.locator('.tile').count() < 100);
    const rows = Number(await page.getAttribute('[role=grid]', 'aria-rowcount'));
    const columns = Number(await page.getAttribute('[role=grid]', 'aria-colcount'));
    assert.strictEqual(rows, Math.ceil(FACES / columns));
    assert.match(await page.locator('.tile img').first().getAttribute('alt'), /^labelled as /);
    await hasNoBarriers(page, 'gallery');
  }));

test('scrolling through all of them asks for little, and ends at the last face', () =>
  browser.visit(home, '/#/explore', {}, async (page) => {
    await tiles(page);
    const height = await page.$eval('.scroller', (one) => one.scrollHeight);
    await page.evaluate(async () => {
      const scroller = document.querySelector('.scroller');
      for (let step = 1; step <= 25; ++step) {
        scroller.scrollTop = (scroller.scrollHeight * step) / 25;
        await new Promise((drawn) => requestAnimationFrame(drawn));
      }
    });
    await page.waitForSelector(`.tile[data-index="${FACES - 1}"] img`);
    assert.ok(height > 1_000_000);
    assert.ok(await page.locator('.tile').count() < 100, 'tiles that are not seen are gone');
    // Of 834 pages and 100,000 pictures; on a busy machine each step is a halt.
    assert.ok(searches().length < 60, `${searches().length} pages were asked for`);
    assert.ok(pictures().length < 1500, `${pictures().length} pictures were asked for`);
    // The last tile is the last face of the mock's index.
    const id = server.index.id(FACES - 1);
    assert.ok((await page.getAttribute(`.tile[data-index="${FACES - 1}"] img`, 'src')).includes(id));
  }));

test('the keys move through the gallery, open and close', () =>
  browser.visit(home, '/#/explore', {}, async (page) => {
    await tiles(page);
    const columns = Number(await page.getAttribute('[role=grid]', 'aria-colcount'));
    await page.keyboard.press('/');
    assert.strictEqual(await page.evaluate(() => document.activeElement.getAttribute('role')), 'combobox');
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.activeElement.dataset.index === '0');
    for (const [key, index] of [['ArrowRight', 1], ['ArrowDown', 1 + columns], ['ArrowLeft', columns],
      ['End', 2 * columns - 1], ['Home', columns], ['ArrowUp', 0]]) {
      await page.keyboard.press(key);
      await page.waitForFunction((at) => document.activeElement.dataset.index === at, String(index));
    }
    await page.keyboard.press('Control+End');
    await page.waitForFunction((at) => document.activeElement.dataset.index === at, String(FACES - 1));
    await page.keyboard.press('Control+Home');
    await page.waitForFunction(() => document.activeElement.dataset.index === '0');
    await page.keyboard.press('Enter');
    await page.waitForSelector('aside .say');
    assert.strictEqual(await page.evaluate(() => document.activeElement.tagName), 'H2');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: 'Face 2 of 100,000' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement.dataset.index === '1');
    assert.strictEqual(await page.locator('aside').count(), 0);
    await page.keyboard.press('ArrowUp');
    await page.waitForFunction(() => document.activeElement.getAttribute('role') === 'combobox');
  }));

// A query that is not whole yet is asked for, too, and refused: not said to who types.
test('words are suggested and taken by keys', () =>
  browser.visit(home, '/#/explore', { expected: /400 \(Bad Request\)/ }, async (page) => {
    await tiles(page);
    await field(page).focus();
    await page.keyboard.type('-eye');
    await page.getByRole('option').first().waitFor();
    assert.match(await page.getByRole('option').first().innerText(), /eyeglasses/);
    await hasNoBarriers(page, 'suggestions');
    await page.keyboard.press('ArrowDown');
    assert.strictEqual(await field(page).getAttribute('aria-activedescendant'), 'word-0');
    await page.keyboard.press('Enter');
    assert.strictEqual(await field(page).inputValue(), '-eyeglasses ');
    await page.waitForURL(/q=-eyeglasses/);
    await page.keyboard.type('smil');
    await page.getByRole('option', { name: 'smiling' }).click();
    assert.strictEqual(await field(page).inputValue(), '-eyeglasses smiling ');
    await page.waitForURL(/q=-eyeglasses\+smiling/);
    assert.strictEqual(await page.locator('.fault').count(), 0);
  }));

test('a query may be written as people speak, and is shown as it is understood', () =>
  browser.visit(home, '/#/explore', { expected: /400 \(Bad Request\)/ }, async (page) => {
    await tiles(page);
    await page.waitForSelector('.chip');
    server.understood = new Map([
      ['a smiling woman with eyeglasses', 'smiling woman eyeglasses'],
      ['wavy hair, without wearing hat', 'wavy_hair -wearing_hat'],
    ]);
    for (const [typed, understood] of server.understood) {
      await field(page).fill(typed);
      await page.keyboard.press('Enter');
      await page.waitForFunction((text) => document.querySelector('[role=combobox]').value === text, understood);
      await page.waitForURL((url) => url.hash === `#/explore?${new URLSearchParams({ q: understood })}`);
    }
    assert.strictEqual(
      await page.getByRole('button', { name: /^Wearing hat/ }).getAttribute('aria-pressed'), 'mixed');
  }));

test('a search shows how many are sure, and the best first', () =>
  browser.visit(home, '/#/explore?q=smiling+woman+eyeglasses', {}, async (page) => {
    await tiles(page);
    assert.strictEqual(await field(page).inputValue(), 'smiling woman eyeglasses');
    await count(page, /faces, and [\d,]+ that may fit/);
    const sure = server.index.rank('smiling woman eyeglasses').found.filter((one) => one.chance >= 0.5).length;
    await count(page, new RegExp(`^${sure.toLocaleString('en')} faces`));
    assert.match(await page.locator('.probability').first().innerText(), /9\d %/);
    await page.getByLabel('only sure ones').check();
    await count(page, new RegExp(`^${sure.toLocaleString('en')} faces`));
    assert.strictEqual(searches().at(-1).query.get('certain'), 'true');
    await hasNoBarriers(page, 'search');
  }));

test('chips go from wanted to unwanted to neither, and write the query', () =>
  browser.visit(home, '/#/explore', {}, async (page) => {
    await tiles(page);
    const chip = page.getByRole('button', { name: /^Smiling/ });
    await chip.click();
    await page.waitForURL(/q=smiling$/);
    assert.strictEqual(await chip.getAttribute('aria-pressed'), 'true');
    assert.match(await chip.innerText(), /47K|46\.\dK/);
    await chip.click();
    await page.waitForURL(/q=-smiling$/);
    assert.strictEqual(await chip.getAttribute('aria-pressed'), 'mixed');
    await page.getByRole('button', { name: /^Eyeglasses/ }).click();
    assert.strictEqual(await field(page).inputValue(), '-smiling eyeglasses');
    await chip.click();
    assert.strictEqual(await field(page).inputValue(), 'eyeglasses');
    await page.getByRole('button', { name: 'All labels' }).click();
    assert.strictEqual(await page.locator('.chip').count(), 40);
    await page.getByRole('button', { name: /^Wavy hair/ }).click();
    await page.waitForURL(/q=eyeglasses\+wavy_hair/);
    await hasNoBarriers(page, 'all labels');
  }));

test('a query that makes no sense is told with its place', () =>
  browser.visit(home, '/#/explore', { expected: /400 \(Bad Request\)/ }, async (page) => {
    await tiles(page);
    await field(page).fill('smiling wömn young');
    await page.keyboard.press('Enter');
    await page.waitForSelector('mark');
    assert.strictEqual(await page.locator('mark').innerText(), 'wömn');
    assert.match(await page.locator('#query-fault').innerText(), /no word that this index knows/);
    assert.strictEqual(await field(page).getAttribute('aria-invalid'), 'true');
    await hasNoBarriers(page, 'bad query');
    await field(page).fill('smiling young');
    await page.keyboard.press('Enter');
    await page.waitForSelector('mark', { state: 'detached' });
  }));

test('a correction wins in the search, and can be taken back', () =>
  browser.visit(home, '/#/explore?q=smiling', {}, async (page) => {
    await tiles(page);
    const total = server.index.rank('smiling').found.filter((one) => one.chance >= 0.5).length;
    await count(page, new RegExp(`^${total.toLocaleString('en')} faces`));
    await page.locator('.tile').first().click();
    const no = page.getByRole('button', { name: 'Smiling: no' });
    await no.click();
    await page.getByText('Your correction wins').first().waitFor();
    assert.strictEqual(await no.getAttribute('aria-pressed'), 'true');
    assert.deepStrictEqual(JSON.parse(server.requests.findLast((one) => one.method === 'PUT').body),
      { labels: { Smiling: false } });
    await page.getByRole('status').filter({ hasText: 'Smiling: no. Your correction wins.' }).waitFor();
    await hasNoBarriers(page, 'details');
    await page.getByRole('button', { name: 'Search again' }).click();
    await count(page, new RegExp(`^${(total - 1).toLocaleString('en')} faces`));

    await page.goto(`${home}/#/explore?q=-smiling`);
    await count(page, /faces/);
    // The corrected one is surely none that smiles: it comes first.
    await page.locator('.tile').first().click();
    await page.getByRole('button', { name: 'Smiling: take back what was said' }).click();
    await page.waitForSelector('aside .said', { state: 'detached' });
    assert.strictEqual([...server.index.said.values()].filter((one) => one.size > 0).length, 0);
  }));

test('what the index lost since is shown as gone, and the others keep their places', () =>
  browser.visit(home, '/#/explore', {}, async (page) => {
    server.gone = new Set([1, 2]);
    try {
      await page.reload();
      await tiles(page);
      const tile = page.locator('.tile');
      await page.getByText('No longer in the index').first().waitFor({ state: 'attached' });
      assert.strictEqual(await page.getByText('No longer in the index').count(), 2);
      assert.strictEqual(await tile.nth(3).locator('img').getAttribute('alt'), server.index.alt(3));
      await tile.nth(0).click();
      await page.getByRole('heading', { name: 'Face 1 of' }).waitFor();
      await page.keyboard.press('ArrowRight');
      await page.getByRole('heading', { name: 'Face 4 of' }).waitFor();
    } finally {
      server.gone.clear();
    }
  }));

test('photos are shown instead of faces', () =>
  browser.visit(home, '/#/explore', {}, async (page) => {
    await tiles(page);
    await page.getByRole('button', { name: 'Photos' }).click();
    await count(page, /^50,000 photos$/);
    await page.waitForURL(/show=photos/);
    await page.locator('.tile').first().click();
    await page.waitForSelector('aside [role=radio]');
    assert.strictEqual(await page.locator('aside [role=radio]').count(), 2);
    await hasNoBarriers(page, 'photo');
  }));

test('it fits a phone, and the details fill its screen', () =>
  browser.visit(home, '/#/explore', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
    async (page) => {
      await tiles(page);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 360);
      assert.ok(Number(await page.getAttribute('[role=grid]', 'aria-colcount')) >= 3);
      await hasNoBarriers(page, 'phone');
      await page.locator('.tile').nth(1).tap();
      await page.waitForSelector('aside .say');
      assert.strictEqual((await page.locator('aside').boundingBox()).width, 360);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 360);
    }));
