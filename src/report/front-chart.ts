/** The chart of a Pareto front by itself. */

import type { ParetoFront } from '../optimize/index.ts';
import { drawingBoard } from './drawing-board.ts';
import { drawFront } from './figures/index.ts';

/** A whole SVG document. The same front gives the same bytes. */
export async function renderFrontChart(front: ParetoFront): Promise<string> {
  const { document, serialize } = await drawingBoard();
  return serialize(drawFront(front, { document }));
}
