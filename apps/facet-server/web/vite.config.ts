// SPDX-License-Identifier: Apache-2.0
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { bundledLicences } from './bundled_licences.js';

// `npm run dev` serves the page with a facet-server beside it.
const server = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte(), bundledLicences()],
  build: {
    target: ['es2021', 'safari15'],
    // One script and one style sheet: the page is small, and the server's policy stays simple.
    modulePreload: { polyfill: false },
    // Nothing inside the page as data:, so that the policy need not allow it.
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/v1': server, '/openapi.json': server } },
});
