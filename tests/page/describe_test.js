// SPDX-License-Identifier: Apache-2.0
// Describing a photo, in a real browser.
const assert = require('assert');
const fs = require('fs');
const { after, before, beforeEach, test } = require('node:test');
const { Browser, hasNoBarriers, photo } = require('./browser');
const { MockServer } = require('./mock_server');

let browser;
let server;
let home;

before(async () => {
  browser = await Browser.start(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']);
  server = new MockServer();
  home = await server.start();
});
after(async () => {
  await browser.stop();
  server.stop();
});
beforeEach(() => {
  server.requests.length = 0;
  server.next = {};
});

const predictions = () => server.requests.filter((one) => one.path === '/v1/predict');
const choose = (page, name) => page.setInputFiles('input[type=file]', photo(name));
const faceShown = (page) => page.locator('#face-title').textContent();

test('a photo that is chosen is sent as it is, and its faces are shown with their attributes', () =>
  browser.visit(home, '/', {}, async (page) => {
    assert.match(await page.locator('main').innerText(), /is not kept/);
    await hasNoBarriers(page, 'start');
    await choose(page, 'astronaut.png');
    await page.waitForSelector('#face-title');
    assert.strictEqual(predictions().length, 1);
    assert.deepStrictEqual(predictions()[0].body, fs.readFileSync(photo('astronaut.png')));
    assert.strictEqual(predictions()[0].query.get('maps'), 'true');

    assert.strictEqual(await page.locator('[role=radio]').count(), 2);
    assert.match(await faceShown(page), /Face 1\s+of 2/);
    // Shown from the browser's own memory.
    assert.match(await page.getAttribute('.frame img', 'src'), /^blob:/);
    // The boxes lie where the server said: 0.1 and 0.2 of the sides.
    const frame = await page.locator('.frame').boundingBox();
    const box = await page.locator('[role=radio]').first().boundingBox();
    assert.ok(Math.abs((box.x - frame.x) / frame.width - 0.1) < 0.01);
    assert.ok(Math.abs((box.y - frame.y) / frame.height - 0.2) < 0.01);
    assert.match(await page.locator('[role=status]').first().textContent(),
      /2 faces found\. Face 1: labelled as /);
    await hasNoBarriers(page, 'described');
  }));

test('attributes stand in order of certainty, the unsure ones apart', () =>
  browser.visit(home, '/', {}, async (page) => {
    await choose(page, 'astronaut.png');
    await page.waitForSelector('#face-title');
    const values = (part) => page.$$eval(`${part} .value`, (all) => all.map((one) => one.textContent));
    const numbers = (texts) => texts.map((text) => Number(text.replace(/[<>%\s]/g, '')));
    const likely = numbers(await values('section[aria-labelledby=likely]'));
    const unsure = numbers(await values('section[aria-labelledby=unsure]'));
    const not = numbers(await values('details'));
    assert.strictEqual(likely.length + unsure.length + not.length, 40);
    assert.ok(likely.length > 3 && unsure.length > 0 && not.length > 3);
    assert.deepStrictEqual(likely, [...likely].sort((a, b) => b - a));
    assert.deepStrictEqual(not, [...not].sort((a, b) => a - b));
    assert.ok(likely.every((value) => value >= 75));
    assert.ok(unsure.every((value) => value >= 25 && value <= 75));
    assert.ok(not.every((value) => value <= 25));
  }));

test('faces are chosen by keys and by pointer', () =>
  browser.visit(home, '/', {}, async (page) => {
    await choose(page, 'astronaut.png');
    await page.waitForSelector('#face-title');
    await page.locator('[role=radio][aria-checked=true]').focus();
    await page.keyboard.press('ArrowRight');
    assert.match(await faceShown(page), /Face 2/);
    assert.strictEqual(await page.evaluate(() => document.activeElement.getAttribute('aria-checked')), 'true');
    await page.keyboard.press('ArrowRight');
    assert.match(await faceShown(page), /Face 1/);
    await page.keyboard.press('End');
    assert.match(await faceShown(page), /Face 2/);
    await page.locator('[role=radio]').first().click();
    assert.match(await faceShown(page), /Face 1/);
    await page.getByRole('button', { name: 'Next face' }).click();
    assert.match(await faceShown(page), /Face 2/);
  }));

test('the response map is laid over the photo, brightest where the server said', () =>
  browser.visit(home, '/', {}, async (page) => {
    await choose(page, 'astronaut.png');
    await page.waitForSelector('#face-title');
    assert.strictEqual(await page.locator('canvas').count(), 0);
    await page.getByRole('switch', { name: 'Response map' }).click();
    const seen = await page.$eval('canvas', (canvas) => {
      const pen = canvas.getContext('2d');
      const at = (x, y) => [...pen.getImageData(Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data];
      return { size: [canvas.width, canvas.height], face: at(0.2, 0.4), corner: at(0.99, 0.99) };
    });
    assert.deepStrictEqual(seen.size, [24, 16]);
    assert.ok(seen.face[0] > 180 && seen.face[1] > 180, `yellow: ${seen.face}`);
    assert.ok(seen.corner[0] < 90 && seen.corner[1] < 40, `violet: ${seen.corner}`);
    await hasNoBarriers(page, 'response map');
    await page.keyboard.press('Space');
    assert.strictEqual(await page.locator('canvas').count(), 0);
  }));

test('a photo can be dropped and pasted', () =>
  browser.visit(home, '/', {}, async (page) => {
    const bytes = fs.readFileSync(photo('coffee.png')).toString('base64');
    const give = (kind) => page.evaluate(([data, type]) => {
      const blob = new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))]);
      const transfer = new DataTransfer();
      transfer.items.add(new File([blob], 'coffee.png', { type: 'image/png' }));
      const event = type === 'drop'
        ? new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
        : new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
    }, [bytes, kind]);
    await give('drop');
    await page.waitForSelector('#face-title');
    await give('paste');
    while (predictions().length < 2) await page.waitForTimeout(50);
    assert.deepStrictEqual(predictions()[1].body, fs.readFileSync(photo('coffee.png')));
  }));

test('the camera takes a photo, and is given back', () =>
  browser.visit(home, '/', { permissions: ['camera'] }, async (page) => {
    await page.getByRole('button', { name: 'Camera' }).click();
    const shoot = page.getByRole('button', { name: 'Take the photo' });
    await shoot.waitFor();
    await page.waitForFunction(() => document.querySelector('video')?.videoWidth > 0);
    // The button changes its colours when the camera is ready.
    await page.waitForSelector('dialog .button.main:enabled');
    await hasNoBarriers(page, 'camera');
    const track = await page.evaluateHandle(() => document.querySelector('video').srcObject.getTracks()[0]);
    await shoot.click();
    await page.waitForSelector('#face-title');
    assert.strictEqual(await track.evaluate((one) => one.readyState), 'ended');
    assert.strictEqual(predictions()[0].type, 'image/jpeg');
    assert.strictEqual(predictions()[0].body.subarray(0, 2).toString('hex'), 'ffd8');
  }));

const refusals = [
  [{ status: 413, code: 'too_large', message: 'at most 50 MB' }, /too large for the server\. At most 50 MB\./],
  [{ status: 415, code: 'unsupported_media_type', message: 'this is a PDF' }, /no photo that facet can read/],
  [{ status: 422, code: 'unreadable', message: 'truncated JPEG' }, /Truncated JPEG\./],
  [{ status: 503, code: 'loading', message: 'loading', headers: { 'Retry-After': '3' } },
    /server is busy\. Try again in 3 seconds/],
  [{ status: 500, code: 'internal', message: '' }, /The server met a fault/],
];
for (const [refusal, words] of refusals) {
  test(`a refusal (${refusal.status}) is said in plain words, and can be tried again`, () =>
    browser.visit(home, '/', { expected: /Failed to load resource/ }, async (page) => {
      server.next = refusal;
      await choose(page, 'chelsea.png');
      await page.getByRole('heading', { name: 'That did not work' }).waitFor();
      const said = page.locator('.trouble[role=alert]');
      assert.match(await said.innerText(), words);
      assert.match(await said.innerText(), /request mock-1/);
      if (refusal.status === 413) await hasNoBarriers(page, 'refusal');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.waitForSelector('#face-title');
    }));
}

test('a server that is gone is said in plain words', () =>
  browser.visit(home, '/', { expected: /Failed to load resource/ }, async (page) => {
    await page.route('**/v1/predict*', (route) => route.abort());
    await choose(page, 'chelsea.png');
    await page.getByText('The server does not answer.').waitFor();
  }));

test('no face, a warning and an unreadable photo are said', () =>
  browser.visit(home, '/', {}, async (page) => {
    server.next = { boxes: [] };
    await choose(page, 'chelsea.png');
    await page.getByRole('heading', { name: 'No face was found' }).waitFor();
    assert.match(await page.locator('[role=status]').first().textContent(), /No face was found/);
    server.next = { image: { warning: 'bytes behind its end', faces_left_out: 2, decoded_at: '1/2' } };
    await choose(page, 'astronaut.png');
    await page.getByText('bytes behind its end').waitFor();
    await page.getByText('2 weaker faces were left out').waitFor();
    await page.getByText('a copy of 1/2 its size').waitFor();
    server.next = { boxes: [], image: { status: 'unreadable', width: 0, height: 0, reason: 'not a photo' } };
    await choose(page, 'astronaut.png');
    await page.getByRole('heading', { name: 'The photo cannot be read' }).waitFor();
  }));

const explanations = () => server.requests.filter((one) => one.path === '/v1/explain');

test('why an attribute was answered so is told in words, as bars that sum, and on the photo', () =>
  browser.visit(home, '/', {}, async (page) => {
    await choose(page, 'astronaut.png');
    await page.waitForSelector('#face-title');
    assert.strictEqual(await page.locator('.why').count(), 40);
    const why = page.locator('section[aria-labelledby=likely] .why').first();
    const name = (await why.getAttribute('aria-label')).replace('Why? ', '');
    await why.focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.reason table');
    assert.strictEqual(await why.getAttribute('aria-expanded'), 'true');
    assert.strictEqual(await why.getAttribute('aria-controls'), await page.getAttribute('.reason', 'id'));
    assert.strictEqual(explanations().length, 1);
    assert.strictEqual(explanations()[0].query.get('attributes'), name.replaceAll(' ', '_')
      .replace(/^./, (first) => first.toUpperCase()).replace(/_(.)/g, (all) => all.toUpperCase()));
    assert.deepStrictEqual(explanations()[0].body, fs.readFileSync(photo('astronaut.png')));
    const sentence = await page.locator('.reason [role=status]').innerText();
    assert.match(sentence, new RegExp(`^${name}: yes, at \\S+ %, mostly because of more “${name.toLowerCase()}”, less “not `));
    assert.match(sentence, /60 % of what speaks for this answer lies at: mouth/);

    // The amounts sum to the score, and each bar begins where the one before ends.
    const rows = await page.$$eval('.reason tr', (all) => all.map((row) => {
      const { left, right } = row.querySelector('.fill').getBoundingClientRect();
      return { amount: Number(row.querySelector('.amount').textContent.replace('−', '-')), left, right };
    }));
    const whole = rows.pop();
    assert.strictEqual(rows.length, 7);
    assert.ok(Math.abs(rows.reduce((sum, { amount }) => sum + amount, 0) - whole.amount) < 0.02);
    const begin = ({ amount, left, right }) => (amount < 0 ? right : left);
    const end = ({ amount, left, right }) => (amount < 0 ? left : right);
    rows.slice(1).forEach((row, at) => assert.ok(Math.abs(begin(row) - end(rows[at])) < 3));
    assert.ok(Math.abs(end(rows.at(-1)) - end(whole)) < 3);

    // On the face that is chosen: a square as high as its box, green above, orange below.
    const box = await page.locator('[role=radio]').first().boundingBox();
    const region = await page.locator('canvas.region').boundingBox();
    const frame = await page.locator('.frame').boundingBox();
    assert.ok(Math.abs(region.height - box.height) < 2);
    assert.ok(Math.abs(region.width / frame.width - 0.4 * 600 / 900) < 0.01); // of the 900 by 600 pixels
    assert.ok(Math.abs(region.x + region.width / 2 - box.x - box.width / 2) < 2);
    const [above, below] = await page.$eval('canvas.region', (canvas) => [0, 3].map((row) =>
      [...canvas.getContext('2d').getImageData(1, row, 1, 1).data]));
    assert.ok(above[1] > 180 && above[0] < 80 && below[0] > 220 && below[3] < above[3], `${above} ${below}`);
    await hasNoBarriers(page, 'why');

    // Another face: its own reason, of what is already known. Again: closed.
    await page.getByRole('button', { name: 'Next face' }).click();
    await page.waitForFunction((x) => {
      const moved = document.querySelector('canvas.region');
      return document.querySelector('.reason table') && moved && moved.getBoundingClientRect().x > x + 50;
    }, region.x);
    await page.locator('.why[aria-expanded=true]').click();
    assert.strictEqual(await page.locator('.reason, canvas.region').count(), 0);
    assert.strictEqual(explanations().length, 1);
  }));

test('why fits a phone in the dark, and says what went wrong', () =>
  browser.visit(home, '/', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true,
    colorScheme: 'dark', expected: /Failed to load resource/ }, async (page) => {
    await choose(page, 'astronaut.png');
    await page.waitForSelector('#face-title');
    server.next = { status: 503, code: 'loading', message: 'busy', headers: { 'Retry-After': '3' } };
    const why = page.locator('.why').first();
    await why.tap();
    await page.locator('.reason [role=alert]').getByText('server is busy').waitFor();
    await why.tap();
    await why.tap();
    await page.waitForSelector('.reason table');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 360);
    await hasNoBarriers(page, 'why, on a phone in the dark');
  }));

test('a server that cannot explain is not asked why', async () => {
  server.options.explains = false;
  try {
    await browser.visit(home, '/', {}, async (page) => {
      await choose(page, 'astronaut.png');
      await page.waitForSelector('#face-title');
      assert.strictEqual(await page.locator('.why').count(), 0);
    });
  } finally {
    server.options.explains = true;
  }
});

test('another head and other thresholds are asked for', () =>
  browser.visit(home, '/', {}, async (page) => {
    await choose(page, 'astronaut.png');
    await page.waitForSelector('#face-title');
    await page.getByLabel('Labels as in').selectOption('lfwa');
    while (predictions().length < 2) await page.waitForTimeout(20);
    await page.waitForSelector('#face-title');
    await page.getByLabel('Thresholds').selectOption('balanced');
    while (predictions().length < 3) await page.waitForTimeout(20);
    await page.waitForSelector('#face-title');
    const last = predictions().at(-1).query;
    assert.strictEqual(last.get('head'), 'lfwa');
    assert.strictEqual(last.get('threshold_mode'), 'balanced');
  }));

test('it fits a phone', () =>
  browser.visit(home, '/', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
    async (page) => {
      await choose(page, 'astronaut.png');
      await page.waitForSelector('#face-title');
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 360);
      await hasNoBarriers(page, 'phone');
    }));
