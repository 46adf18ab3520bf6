/** Tokens and epochs of a domain as words for comments; '' where they are not known. */

import { formatQuantity, namedValue } from '../mixture/index.ts';
import type { ExportedMixture } from './exporter.ts';

export function tokensText({ tokens }: ExportedMixture, domain: string): string {
  const drawn = namedValue(tokens, domain);
  return drawn === undefined ? '' : `${formatQuantity(drawn)} tokens`;
}

export function epochsText({ epochs }: ExportedMixture, domain: string): string {
  const drawn = namedValue(epochs, domain);
  return drawn === undefined || drawn === null ? '' : `${Number(drawn.toPrecision(3))} epochs`;
}
