// SPDX-License-Identifier: Apache-2.0
// The page in a headless Chromium, watched: every fault of a script, every line that the browser
// complains with and every request to elsewhere fails the test that caused it.
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { chromium } = require('playwright-core');

const PROGRAM = process.env.FACET_CHROMIUM ?? '/usr/bin/chromium';
const SAMPLES = path.join(__dirname, '../../samples');
// Machines that test may be busy with other things.
const PATIENCE = 120_000;
const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

class Browser {
  static async start(args = []) {
    const self = new Browser();
    // Chromium's sandbox refuses to run as root, which tests may be.
    self.browser = await chromium.launch({ executablePath: PROGRAM,
      args: ['--no-sandbox', '--disable-gpu', ...args] });
    return self;
  }

  stop() {
    return this.browser.close();
  }

  // Opens `home` + `route`, gives the page to `work`, and then looks what went wrong meanwhile.
  // `options`: Playwright's for a context; `expected`: what the browser may complain of.
  async visit(home, route, options, work) {
    const { expected = null, ...rest } = options;
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 860 },
      reducedMotion: 'reduce', ...rest });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const faults = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (line) => {
      if (line.type() !== 'error' || (expected?.test(line.text()) ?? false)) return;
      faults.push(line.text().slice(0, 300));
    });
    page.on('request', (request) => {
      if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(home)) {
        faults.push(`asked another server: ${request.url()}`);
      }
    });
    try {
      await page.goto(home + route, { waitUntil: 'commit' });
      // Only then does the page listen: what a test does before that would go unheard.
      await page.waitForSelector('main');
      await work(page);
      assert.deepStrictEqual(faults, []);
    } finally {
      await context.close();
    }
  }
}

// axe finds nothing on the screen as it is, of whatever weight it calls serious or critical.
async function hasNoBarriers(page, what) {
  // As the page's policy forbids scripts in the page, axe comes through the debugger.
  await page.evaluate(`${AXE}; undefined`);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const serious = found.violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  assert.deepStrictEqual(
    serious.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html).join(' ')}`),
    [], what);
}

const photo = (name) => path.join(SAMPLES, name);

module.exports = { Browser, PATIENCE, hasNoBarriers, photo };
