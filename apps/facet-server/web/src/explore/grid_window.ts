// SPDX-License-Identifier: Apache-2.0
// Which part of a long grid is drawn. Browsers limit how tall an element may be, so a list of
// millions is drawn in less height than it would take, and scrolling goes faster by as much.

const TALLEST = 8_000_000; // pixels; Firefox ends at 17.8 million

export interface GridShape {
  readonly count: number;
  readonly columns: number;
  readonly row: number; // height of a row with its gap, pixels
  readonly view: number; // height of what is seen, pixels
}

export interface GridWindow {
  readonly height: number; // of all
  readonly firstRow: number;
  readonly endRow: number;
  readonly top: number; // of the first drawn row, from the top of all
}

const SPARE_ROWS = 2;

export function rowsOf(shape: GridShape): number {
  return Math.ceil(shape.count / Math.max(1, shape.columns));
}

function heights(shape: GridShape): { real: number; drawn: number } {
  const real = rowsOf(shape) * shape.row;
  return { real, drawn: Math.min(real, TALLEST) };
}

// How far down the real list `scroll` is.
function realScroll(shape: GridShape, scroll: number): number {
  const { real, drawn } = heights(shape);
  if (drawn >= real || drawn <= shape.view) return scroll;
  return (scroll / (drawn - shape.view)) * (real - shape.view);
}

export function gridWindow(shape: GridShape, scroll: number): GridWindow {
  const { drawn } = heights(shape);
  const from = Math.max(0, realScroll(shape, scroll));
  const rows = rowsOf(shape);
  const firstRow = Math.max(0, Math.min(rows, Math.floor(from / shape.row) - SPARE_ROWS));
  const endRow = Math.min(rows, Math.ceil((from + shape.view) / shape.row) + SPARE_ROWS);
  return { height: drawn, firstRow, endRow, top: scroll - from + firstRow * shape.row };
}

// Where to scroll so that the row is seen; `scroll` where it is seen already.
export function scrollTo(shape: GridShape, scroll: number, row: number): number {
  const { real, drawn } = heights(shape);
  const from = realScroll(shape, scroll);
  let want = from;
  if (row * shape.row < from) want = row * shape.row;
  else if ((row + 1) * shape.row > from + shape.view) want = (row + 1) * shape.row - shape.view;
  if (want === from) return scroll;
  if (drawn >= real || drawn <= shape.view) return want;
  return (want / (real - shape.view)) * (drawn - shape.view);
}
