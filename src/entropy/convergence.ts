/**
 * Entropy against tokens read: whether an estimate has settled, and what each domain's was when it had as many tokens as the
 * smallest domain has.
 */

import type { DomainCounts, NgramSpectra } from './domain-counts.ts';
import type { Estimator } from './estimator.ts';
import { type TokenEntropies, type TokenEntropy, tokenEntropies } from './ngram-entropies.ts';
import { rarefiedEntropy } from './rarefaction.ts';
import { sampleSize } from './spectrum.ts';

/** Entropies after some documents. */
export interface CurvePoint {
  readonly tokens: number;
  readonly documents: number;
  /** By name of estimator. */
  readonly entropies: Readonly<Record<string, TokenEntropies>>;
}

/** Plug-in entropies of a sample smaller than the curve's first point, drawn from it token by token. */
export interface RarefiedPoint {
  readonly tokens: number;
  readonly plugIn: TokenEntropies;
}

export interface ConvergenceCurve {
  /** Whole documents; tokens ascending, the whole domain last. */
  readonly points: readonly CurvePoint[];
  /** Tokens ascending, all below the first point. */
  readonly rarefied: readonly RarefiedPoint[];
}

/** How often the first point is halved, and where that ends. */
const HALVINGS = 12;
const FEWEST_TOKENS = 64;

/** The curve of a domain; estimates are for every one of `estimators`. */
export function convergenceCurve(counts: DomainCounts, estimators: readonly Estimator[]): ConvergenceCurve {
  const sets = counts.growing.filter(set => set.bigrams.counts.length > 0 && set.tokens < counts.all.tokens);
  const points = [...sets, counts.all].map(set => ({
    tokens: set.tokens,
    documents: set.documents,
    entropies: Object.fromEntries(estimators.map(estimator => [estimator.name, tokenEntropies(set, estimator)])),
  }));
  return { points, rarefied: rarefiedPoints(sets[0] ?? counts.all) };
}

function rarefiedPoints(first: NgramSpectra): RarefiedPoint[] {
  const pairs = sampleSize(first.bigrams);
  const points: RarefiedPoint[] = [];
  for (let halving = 1; halving <= HALVINGS && first.tokens >= 2 ** halving * FEWEST_TOKENS; halving++) {
    const part = 0.5 ** halving;
    const few = Math.max(1, Math.round(pairs * part));
    const joint = rarefiedEntropy(first.bigrams, few);
    points.unshift({
      tokens: Math.round(first.tokens * part),
      plugIn: {
        shannon: rarefiedEntropy(first.unigrams, Math.round(first.tokens * part)),
        joint,
        conditional: Math.max(0, joint - rarefiedEntropy(first.firsts, few)),
      },
    });
  }
  return points;
}

/** A plug-in entropy at a given number of tokens. */
export interface EntropyAtSize {
  readonly entropy: number;
  /** True when the tokens are fewer than the curve's first point, so that they were drawn one by one. */
  readonly isRarefied: boolean;
}

/**
 * The plug-in entropy when the domain had `tokens`: along the curve, linear in the logarithm of tokens.
 *
 * @returns null when the curve does not reach down to, or up to, that many
 */
export function plugInAtSize(curve: ConvergenceCurve, entropy: TokenEntropy, tokens: number): EntropyAtSize | null {
  const whole = curve.points.map(point => ({ tokens: point.tokens, value: point.entropies['plug-in'][entropy] }));
  const drawn = curve.rarefied.map(point => ({ tokens: point.tokens, value: point.plugIn[entropy] }));
  const line = [...drawn, ...whole];
  const above = line.findIndex(point => point.tokens >= tokens);
  if (above < 0) return null;
  const right = line[above];
  const isRarefied = tokens < whole[0].tokens;
  if (right.tokens === tokens) return { entropy: right.value, isRarefied };
  if (above === 0) return null;
  const left = line[above - 1];
  const along = Math.log(tokens / left.tokens) / Math.log(right.tokens / left.tokens);
  return { entropy: left.value + along * (right.value - left.value), isRarefied };
}
