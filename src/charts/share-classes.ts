/** Shares of tokens in a few classes, each with a colour from light (small share) to dark (large). */

import { shareTick } from './number-format.ts';
import { sequentialColours } from './theme.ts';

export interface ShareClasses {
  readonly classes: readonly { readonly label: string; readonly colour: string }[];
  colourOf(share: number): string;
}

/** Classes are at most this many. */
export const MAX_CLASSES = 5;

const EDGES = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/** Up to five classes with round edges that split these shares; empty classes at the ends are left out. */
export function shareClasses(shares: readonly number[]): ShareClasses {
  const sorted = [...shares].sort((a, b) => a - b);
  const inside = EDGES.filter(edge => edge > sorted[0] && edge <= sorted[sorted.length - 1]);
  while (inside.length >= MAX_CLASSES) inside.splice(leastTelling(inside, sorted), 1);
  const colours = sequentialColours(inside.length + 1);
  const classes = colours.map((colour, index) => ({ label: className(inside, index), colour }));
  return { classes, colourOf: share => colours[inside.filter(edge => edge <= share).length] };
}

/** The edge with the fewest shares between its neighbours. */
function leastTelling(edges: readonly number[], sorted: readonly number[]): number {
  const below = (edge: number): number => sorted.filter(share => share < edge).length;
  const counts = edges.map((_, index) => {
    const upper = index + 1 < edges.length ? below(edges[index + 1]) : sorted.length;
    return upper - (index > 0 ? below(edges[index - 1]) : 0);
  });
  return counts.indexOf(Math.min(...counts));
}

function className(edges: readonly number[], index: number): string {
  if (edges.length === 0) return 'all shares';
  if (index === 0) return `below ${shareTick(edges[0])}`;
  if (index === edges.length) return `${shareTick(edges[index - 1])} or more`;
  return `${shareTick(edges[index - 1])} to ${shareTick(edges[index])}`;
}
