/** The answer in a few large figures. */

import { type Html, html } from './html.ts';

export interface Tile {
  readonly title: string;
  readonly figure: string;
  readonly note: string;
}

/** Tiles side by side; those that are null are left out. */
export function tileList(tiles: readonly (Tile | null)[]): Html {
  return html`<dl class="tiles">${tiles.map(tile => (tile === null ? null : drawTile(tile)))}</dl>`;
}

function drawTile({ title, figure, note }: Tile): Html {
  return html`<div><dt>${title}</dt><dd class="figure">${figure}</dd><dd>${note}</dd></div>`;
}
