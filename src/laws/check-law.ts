/** What a user's own law must have before it is used: all of it in one error, not one by one in the middle of a fit. */

import { BimixError } from '../errors/index.ts';
import { defineLaw, type LawDefinition } from './define-law.ts';
import type { Law } from './law.ts';

const OF_BOTH = {
  ...{ name: 'string', title: 'string', formula: 'string', source: 'string', convex: 'boolean' },
  parameters: 'function',
} as const;

const OF_A_LAW = {
  ...{ zeroShares: 'string', convexity: 'string', needsOwnDomain: 'boolean', knowsSize: 'boolean' },
  ...{ robust: 'boolean', smallestShare: 'number', runsWanted: 'function' },
  ...{ priors: 'function', bind: 'function', starts: 'function', atVolume: 'function' },
} as const;

/**
 * A whole `Law` as it is, and what `defineLaw` takes as the law it defines.
 *
 * @throws BimixError `invalid-law` that names everything missing or of the wrong kind
 */
export function checkLaw(value: unknown): Law {
  if (typeof value !== 'object' || value === null) {
    throw invalid(`expected an object, found ${value === null ? 'null' : `a ${typeof value}`}`);
  }
  const whole = 'bind' in value || 'atVolume' in value;
  const wrong = missing(value, whole ? { ...OF_BOTH, ...OF_A_LAW } : { ...OF_BOTH, loss: 'function' });
  if (wrong.length > 0) throw invalid(`it lacks ${wrong.join(', ')}`);
  const law = whole ? (value as Law) : defineLaw(value as LawDefinition);
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(law.name)) return law;
  throw invalid(`the name "${law.name}" must consist of lower-case letters, digits and single hyphens`);
}

function missing(value: object, kinds: Readonly<Record<string, string>>): string[] {
  const found = value as Readonly<Record<string, unknown>>;
  return Object.entries(kinds).flatMap(([key, kind]) => {
    if (typeof found[key] === kind) return [];
    return kind === 'function' ? [`${key}()`] : [`${key} (a ${kind})`];
  });
}

function invalid(why: string): BimixError {
  return new BimixError('invalid-law', `invalid law: ${why}`, {
    hint: 'A law of your own has name, title, formula, source, convex, parameters(shape) and loss(coefficients, at).',
  });
}
