// SPDX-License-Identifier: Apache-2.0
// Uses the page in a headless Chromium as a person would, and prints what it showed as JSON:
// node run_page.js FOLDER CHROMIUM PHOTO OUT SQUARES [answers], SQUARES being
// [{ left, top, side }, …]; with `answers` the page is asked for these alone.
const fs = require('fs');
const http = require('http');
const path = require('path');
const { chromium } = require('playwright-core');

const [folder, program, photo, out, squares, only] = process.argv.slice(2);
const TYPES = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

// What any server for files does.
const server = http.createServer((request, response) => {
  const name = request.url === '/' ? 'index.html' : path.basename(request.url);
  const file = path.join(folder, name);
  if (!fs.existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': TYPES[path.extname(name)] ?? 'application/octet-stream',
  });
  fs.createReadStream(file).pipe(response);
});

// The list's order, and the square by keys alone and by pointer.
async function useControls(page, result, { done, answers, square, type }) {
  result.order = await answers();
  await page.uncheck('#ordered');
  result.unordered = await answers();

  // By keys alone.
  const before = await square();
  await page.focus('#canvas');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('+');
  const after = await square();
  result.keys = [after.left - before.left, after.top - before.top, after.side - before.side];

  // By pointer: a new one, away from the old.
  await type({ left: 0, top: 0, side: 20 });
  await page.$eval('#canvas', (canvas) => canvas.scrollIntoView());
  const bounds = await (await page.$('#canvas')).boundingBox();
  await page.mouse.move(bounds.x + bounds.width / 2, bounds.y + bounds.height / 2);
  await page.mouse.down();
  await page.mouse.move(bounds.x + bounds.width / 2 + 60, bounds.y + bounds.height / 2 + 60);
  await page.mouse.up();
  result.drawn = { ...(await square()), scale: await page.$eval(
    '#canvas', (canvas) => canvas.width / canvas.getBoundingClientRect().width) };
  await done();
}

async function main() {
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const home = `http://127.0.0.1:${server.address().port}`;
  // Chromium's sandbox refuses to run as root, which tests may be.
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  const result = { faces: [], faults: [], elsewhere: [], sent: [] };
  try {
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    page.setDefaultTimeout(45000);
    page.on('pageerror', (error) => result.faults.push(error.message));
    page.on('console', (line) => line.type() === 'error' && result.faults.push(line.text()));
    page.on('request', (request) => {
      if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(home)) {
        result.elsewhere.push(request.url());
      }
      if (request.method() !== 'GET') result.sent.push(request.url());
    });
    await page.goto(home);
    await page.waitForFunction(() => document.querySelector('#head').options.length > 0);
    await page.setInputFiles('#photo', photo);
    const done = () => page.waitForSelector('#status[data-done=yes]');
    const answers = () =>
      page.$$eval('#answers li', (items) =>
        items.map((item) => [item.dataset.name, Number(item.dataset.probability)]),
      );
    const square = async () => {
      const sides = {};
      for (const name of ['left', 'top', 'side']) {
        sides[name] = Number(await page.inputValue(`#${name}`));
      }
      return sides;
    };
    // All at once, as a paste would: each change is described.
    const type = async (values) => {
      await page.evaluate((sides) => {
        for (const [name, value] of Object.entries(sides)) {
          document.querySelector(`#${name}`).value = value;
        }
        document.querySelector('#side').dispatchEvent(new Event('input'));
      }, values);
      await done();
    };
    await done();
    result.first = await square();
    for (const one of JSON.parse(squares)) {
      await type(one);
      const face = {};
      for (const head of ['celeba', 'lfwa']) {
        await page.selectOption('#head', head);
        await done();
        face[head] = Object.fromEntries(await answers());
      }
      result.faces.push(face);
    }
    if (only !== 'answers') await useControls(page, result, { done, answers, square, type });
    result.width = await page.evaluate(() => document.documentElement.scrollWidth);
    result.text = await page.innerText('footer');
    await page.screenshot({ path: `${out}.png`, fullPage: true });
  } finally {
    await browser.close();
    server.close();
  }
  fs.writeFileSync(out, JSON.stringify(result));
}

main().catch((error) => {
  console.error(`run_page.js: ${error.message}`);
  process.exit(1);
});
