// SPDX-License-Identifier: Apache-2.0
// The page as facet-server itself serves it, on an index of the samples:
// node server_test.js FACET FACET_SERVER MODEL
const assert = require('assert');
const { execFileSync, spawn } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { after, before, test } = require('node:test');
const { Browser, PATIENCE, hasNoBarriers, photo } = require('./browser');

const [facet, facetServer, model] = process.argv.slice(2);
let folder;
let server;
let home;
let browser;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'facet-page-'));
  const photos = path.join(folder, 'photos');
  fs.mkdirSync(photos);
  for (const name of ['astronaut.png', 'coffee.png', 'solvay_1927.jpg']) {
    fs.copyFileSync(photo(name), path.join(photos, name));
  }
  const db = path.join(folder, 'index.db');
  execFileSync(facet, ['index', photos, '--db', db, '--model', model], { stdio: 'ignore' });
  server = spawn(facetServer, ['--db', db, '--model', model, '--port', '0', '--threads', '1'],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  home = await new Promise((ready, failed) => {
    let said = '';
    const read = (text) => {
      said += text;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (address !== null) ready(address[0]);
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.on('exit', (code) => failed(new Error(`facet-server ended with ${code}: ${said}`)));
  });
  const until = Date.now() + PATIENCE;
  while (!(await fetch(`${home}/v1/health`)).ok) {
    assert.ok(Date.now() < until, 'facet-server is not ready');
    await new Promise((later) => setTimeout(later, 100));
  }
  browser = await Browser.start();
}, { timeout: 2 * PATIENCE });

after(async () => {
  await browser?.stop();
  server?.removeAllListeners('exit');
  server?.kill('SIGTERM');
  fs.rmSync(folder, { recursive: true, force: true });
});

test('a photo is described as facet describes it', () =>
  browser.visit(home, '/', {}, async (page) => {
    await page.setInputFiles('input[type=file]', photo('astronaut.png'));
    await page.waitForSelector('#face-title');
    assert.match(await page.locator('#face-title').textContent(), /Face 1\s+of 1/);
    assert.match(await page.locator('section[aria-labelledby=likely]').innerText(), /Smiling/);
    // The box holds the face, whose middle is at 0.44 and 0.25 of the photo's sides.
    const frame = await page.locator('.frame').boundingBox();
    const box = await page.locator('[role=radio]').boundingBox();
    const middle = [(box.x + box.width / 2 - frame.x) / frame.width,
      (box.y + box.height / 2 - frame.y) / frame.height];
    assert.ok(Math.hypot(middle[0] - 0.44, middle[1] - 0.25) < 0.06, String(middle));
    await page.getByRole('switch', { name: 'Response map' }).click();
    // Brighter at the face than at the hand in the corner.
    const green = await page.$eval('canvas', (canvas) => [[0.44, 0.25], [0.9, 0.95]].map(([x, y]) =>
      canvas.getContext('2d').getImageData(Math.floor(x * canvas.width),
        Math.floor(y * canvas.height), 1, 1).data[1]));
    assert.ok(green[0] > green[1] + 60, String(green));
    await hasNoBarriers(page, 'described');

    await page.getByRole('button', { name: 'Why? Smiling' }).click();
    await page.waitForSelector('.reason table');
    assert.match(await page.locator('.reason [role=status]').innerText(),
      /^Smiling: yes, at .* because of .*more “smiling”.*lies at: /);
    const region = await page.locator('canvas.region').boundingBox();
    assert.ok(region.x < box.x + box.width / 2 && region.x + region.width > box.x + box.width / 2);
    assert.ok(Math.abs(region.width - region.height) < 2);
    await hasNoBarriers(page, 'why');
  }));

test('what is no photo is refused in plain words', () =>
  browser.visit(home, '/', { expected: /Failed to load resource/ }, async (page) => {
    await page.setInputFiles('input[type=file]',
      { name: 'letter.png', mimeType: 'image/png', buffer: Buffer.from('Dear Sir or Madam') });
    await page.getByRole('heading', { name: 'That did not work' }).waitFor();
    assert.match(await page.locator('.trouble[role=alert]').innerText(), /request [0-9a-f]+/);
  }));

test('a woman who smiles is found, and two corrections win', () =>
  browser.visit(home, '/#/explore', { expected: /400 \(Bad Request\)/ }, async (page) => {
    const found = page.locator('.line [role=status]');
    await page.waitForSelector('.tile img');
    const faces = Number(/^(\d+) faces/.exec(await found.innerText())[1]);
    assert.ok(faces >= 20, `${faces} faces`);
    await page.locator('[role=combobox]').fill('smi');
    await page.getByRole('option', { name: 'smiling' }).first().click();
    await page.keyboard.type('woman without a mustache');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=smiling\+woman\+-mustache/);
    assert.strictEqual(await page.locator('[role=combobox]').inputValue(), 'smiling woman -mustache');
    await page.waitForFunction(() => /^1 face/.test(document.querySelector('.line [role=status]').textContent));
    // The picture is the server's.
    await page.waitForFunction(() => document.querySelector('.tile img')?.naturalWidth > 30);
    await page.locator('.tile').first().click();
    await page.getByText('astronaut.png').waitFor();
    for (const name of ['Smiling: no', 'Eyeglasses: yes']) {
      await page.getByRole('button', { name }).click();
      await page.waitForFunction((label) => document.querySelector(`button[aria-label="${label}"]`)
        ?.getAttribute('aria-pressed') === 'true', name);
    }
    await page.waitForFunction(() => document.querySelectorAll('aside .said').length === 2);
    await hasNoBarriers(page, 'corrected');
    await page.getByRole('button', { name: 'Search again' }).click();
    await page.getByText(/No face fits all of it|may fit/).first().waitFor();
    await page.goto(`${home}/#/explore?q=eyeglasses+woman+-smiling`);
    await page.waitForFunction(() => /^1 face|^\d+ faces/.test(document.querySelector('.line [role=status]').textContent));
    await page.locator('.tile').first().click();
    await page.getByText('astronaut.png').waitFor();
    assert.strictEqual(await page.locator('aside .said').count(), 2);
    await page.getByRole('button', { name: 'Eyeglasses: take back what was said' }).click();
    await page.waitForFunction(() => document.querySelectorAll('aside .said').length === 1);
  }));

test('photos are shown with all their faces', () =>
  browser.visit(home, '/#/explore?show=photos&q=photo%28male%29', {}, async (page) => {
    await page.waitForSelector('.tile img');
    await page.locator('.tile').first().click();
    await page.getByText('solvay_1927.jpg').waitFor();
    assert.ok(await page.locator('aside [role=radio]').count() >= 20);
  }));
