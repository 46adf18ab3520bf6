/** Walks whatever a function returned, for properties of all numbers in it. */

import { BimixError } from '../src/errors/index.ts';

/** Places of numbers that are not finite: `mixture.web: NaN`. */
export function notFinite(value: unknown, at = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${at}: ${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => notFinite(inner, `${at}.${key}`));
}

/** The answer, or undefined where it is a `BimixError`; anything else is thrown on. */
export function orRefused<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof BimixError) return undefined;
    throw error;
  }
}
