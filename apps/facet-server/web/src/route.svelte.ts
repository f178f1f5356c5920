// SPDX-License-Identifier: Apache-2.0
// Which screen is shown, kept behind # so that the server serves one file and the browser's
// buttons work. The query of a search is part of it: a search can be kept as a bookmark.

export const SCREENS = ['describe', 'explore', 'about'] as const;
export type Screen = (typeof SCREENS)[number];

interface Route {
  screen: Screen;
  parameters: URLSearchParams;
}

function read(): Route {
  const [name = '', rest = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  const screen = SCREENS.find((known) => known === name) ?? 'describe';
  return { screen, parameters: new URLSearchParams(rest) };
}

export const route = $state<Route>(read());

window.addEventListener('hashchange', () => Object.assign(route, read()));

export function hrefOf(screen: Screen, parameters?: Record<string, string>): string {
  const rest = new URLSearchParams(parameters).toString();
  return `#/${screen}${rest === '' ? '' : `?${rest}`}`;
}

// Without a new entry in the browser's history, as for a query that is being typed.
export function remember(screen: Screen, parameters: Record<string, string>): void {
  history.replaceState(null, '', hrefOf(screen, parameters));
  Object.assign(route, read());
}
