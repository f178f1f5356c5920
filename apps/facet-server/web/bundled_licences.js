// SPDX-License-Identifier: Apache-2.0
// Writes licences.txt beside the built page: which packages' code is in it, and their licences, as
// they ask for.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const read = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

// The folder of the package that a module's file belongs to; null for the page's own.
function packageFolder(module) {
  for (let folder = dirname(module); folder.includes('/node_modules/'); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && 'version' in read(folder)) return folder;
  }
  return null;
}

function licenceOf(folder) {
  const { name, version, license } = read(folder);
  // Another licence may ask for more than its text: who adds such a package looks first.
  if (license !== 'MIT') throw new Error(`${name} is licensed by ${license}, not by MIT`);
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (file === undefined) throw new Error(`${name} brings no text of its licence`);
  return { name, text: `== ${name} ${version}\n${readFileSync(join(folder, file), 'utf8').trim()}\n` };
}

/** @returns {import('vite').Plugin} */
export function bundledLicences() {
  return {
    name: 'bundled-licences',
    apply: 'build',
    generateBundle(_, bundle) {
      const folders = new Set();
      for (const part of Object.values(bundle)) {
        for (const [module, { renderedLength }] of Object.entries(part.modules ?? {})) {
          // Rollup marks some modules by a zero byte.
          const folder = renderedLength > 0 ? packageFolder(module.replace(/^\0/, '')) : null;
          if (folder !== null) folders.add(folder);
        }
      }
      const parts = [...folders].map(licenceOf).sort((a, b) => (a.name < b.name ? -1 : 1));
      this.emitFile({
        type: 'asset',
        fileName: 'licences.txt',
        source: ['This page contains parts of these packages.\n', ...parts.map(({ text }) => text)].join('\n'),
      });
    },
  };
}
