// SPDX-License-Identifier: Apache-2.0
// What holds for the page as a whole: dark, without an index, with a token, read-only, small.
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');
const { after, before, test } = require('node:test');
const { Browser, hasNoBarriers, photo } = require('./browser');
const { MockServer } = require('./mock_server');

const DIST = path.join(__dirname, '../../apps/facet-server/web/dist');
let browser;

before(async () => {
  browser = await Browser.start();
});
after(() => browser.stop());

async function withServer(options, work) {
  const server = new MockServer(options);
  try {
    await work(await server.start(), server);
  } finally {
    server.stop();
  }
}

// How bright the page's ground is, 0 to 255.
const brightness = (page) => page.evaluate(() => {
  const [r, g, b] = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g).map(Number);
  return (r + g + b) / 3;
});

test('every screen is dark where the system is, and without barriers', () =>
  withServer({}, async (home) => {
    await browser.visit(home, '/#/about', { colorScheme: 'light' }, async (page) => {
      await page.getByRole('heading', { name: 'What facet cannot know' }).waitFor();
      assert.ok(await brightness(page) > 220);
      await hasNoBarriers(page, 'about');
    });
    await browser.visit(home, '/#/about', { colorScheme: 'dark' }, async (page) => {
      assert.ok(await brightness(page) < 40);
      await page.getByText('non-commercial research only').first().waitFor();
      assert.match(await page.locator('main').innerText(), /no knowledge about a person/);
      await hasNoBarriers(page, 'about, dark');
      await page.getByRole('link', { name: 'Explore' }).click();
      await page.waitForSelector('.tile img');
      assert.strictEqual(await page.title(), 'Explore · facet');
      assert.strictEqual(await page.evaluate(() => document.activeElement.id), 'main');
      await page.locator('.tile').first().click();
      await page.waitForSelector('aside .say');
      await page.getByRole('button', { name: 'Smiling: yes' }).click();
      await page.waitForSelector('aside .said');
      await hasNoBarriers(page, 'explore, dark');
      await page.getByRole('link', { name: 'Describe' }).click();
      await page.setInputFiles('input[type=file]', photo('astronaut.png'));
      await page.waitForSelector('#face-title');
      await hasNoBarriers(page, 'describe, dark');
    });
  }));

test('without an index the page says how to make one, and describes all the same', () =>
  withServer({ faces: 0 }, (home) =>
    browser.visit(home, '/#/explore', { expected: /404 \(Not Found\)/ }, async (page) => {
      await page.getByRole('heading', { name: 'This server has no index yet' }).waitFor();
      assert.match(await page.locator('pre').innerText(), /facet index/);
      await hasNoBarriers(page, 'no index');
    })));

test('an index that is only read offers no corrections', () =>
  withServer({ writable: false }, (home) =>
    browser.visit(home, '/#/explore', {}, async (page) => {
      await page.waitForSelector('.tile img');
      await page.locator('.tile').first().click();
      await page.getByText('only reads the index').waitFor();
      assert.strictEqual(await page.locator('aside .say').count(), 0);
    })));

test('a page that is opened while the server loads its model knows it when it is there', () =>
  withServer({ loading: true }, (home, server) =>
    browser.visit(home, '/', { expected: /503 \(Service Unavailable\)/ }, async (page) => {
      await page.getByText('still loading its model').waitFor();
      server.options.loading = false;
      await page.getByText('still loading its model').waitFor({ state: 'detached' });
      await page.setInputFiles('input[type=file]', photo('astronaut.png'));
      await page.waitForSelector('.why');
      assert.strictEqual(await page.getByLabel('Labels as in').count(), 1);
    })));

test('a server with a token asks for it once', () =>
  withServer({ token: 'secret' }, (home, server) =>
    browser.visit(home, '/#/explore', { expected: /401 \(Unauthorized\)/ }, async (page) => {
      await page.getByRole('textbox', { name: 'Token' }).fill('wrong');
      await page.getByRole('button', { name: 'Enter' }).click();
      await page.getByText('This is not the server’s token.').waitFor();
      await hasNoBarriers(page, 'token');
      await page.getByRole('textbox', { name: 'Token' }).fill('secret');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.tile img');
      assert.strictEqual(await page.locator('dialog').count(), 0);
      // Pictures come by the cookie; the token stands in no address and in no storage.
      assert.ok(server.requests.every((one) => !one.query.toString().includes('secret')));
      assert.strictEqual(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
    })));

test('the page is small, and asks for nothing from elsewhere', () => {
  const files = fs.readdirSync(DIST, { recursive: true, withFileTypes: false })
    .map((name) => path.join(DIST, String(name))).filter((file) => fs.statSync(file).isFile());
  const packed = files.reduce((sum, file) => sum + zlib.gzipSync(fs.readFileSync(file)).length, 0);
  assert.ok(packed < 150_000, `${packed} bytes packed`);
  const html = fs.readFileSync(path.join(DIST, 'index.html'), 'utf8');
  assert.doesNotMatch(html, /(src|href)="https?:/);
  assert.doesNotMatch(html, /<style|style="|<script>/);
  for (const [, name] of html.matchAll(/(?:src|href)="\/([^"]+)"/g)) {
    assert.ok(fs.existsSync(path.join(DIST, name)), name);
  }
});
