/** What a user should read before training on a proposed mixture. */

import type { FittedLaw, Warning } from '../laws/index.ts';
import { formatQuantity, totalVariation } from '../mixture/index.ts';
import type { ShareConstraints } from './constraints.ts';
import { FREEDOM_TOLERANCE } from './freedom.ts';
import type { ActiveBound, Proposal } from './proposal.ts';

/** Farther from the nearest run than this times the usual distance between neighbouring runs is far. */
const FAR = 1.5;
/** Runs whose neighbours are looked for: enough for a median. */
const NEIGHBOUR_SAMPLE = 200;
/** A share free to move by this much makes the optimum flat. */
const WIDE = 0.1;
/** Epochs beyond which repeated tokens are known to lose their worth: Muennighoff et al. 2023 (arXiv 2305.16264). */
const MANY_EPOCHS = 4;
const SAME_SHARE = 1e-6;

/** Where the mixture lies with respect to those the law has seen. */
export function coverageWarnings(fitted: FittedLaw, shares: Float64Array): Warning[] {
  const { mixtures } = fitted.covered;
  const warnings: Warning[] = [];
  const owned = new Set(fitted.targets.map(target => target.own));
  fitted.trainingDomains.forEach((domain, j) => {
    const seen = mixtures.map(mixture => mixture[j]);
    const least = seen.reduce((a, b) => Math.min(a, b));
    const most = seen.reduce((a, b) => Math.max(a, b));
    const leastPositive = seen.reduce((a, b) => (b > 0 ? Math.min(a, b) : a), Number.POSITIVE_INFINITY);
    const share = inPercent(shares[j]);
    if (shares[j] < least - SAME_SHARE || shares[j] > most + SAME_SHARE) {
      const message = `the share of "${domain}" is ${share}, outside the ${inPercent(least)} to ${inPercent(most)} of the runs`;
      warnings.push({ code: 'outside-runs', message, domain });
    } else if (owned.has(domain) && most > 0 && shares[j] < leastPositive - SAME_SHARE) {
      const message = `the share of "${domain}" is ${share}, below ${inPercent(leastPositive)}, the smallest positive share of the runs: its own loss is extrapolated`;
      warnings.push({ code: 'below-seen', message, domain });
    }
  });
  const distinct = [
    ...new Map(mixtures.map(mixture => [mixture.map(share => share.toFixed(9)).join(), mixture])).values(),
  ];
  if (distinct.length < 3) return warnings;
  const usual = usualDistance(distinct);
  const nearest = nearestRun(fitted, shares);
  if (nearest.distance > FAR * usual) {
    const message =
      `the mixture is far from every run: ${inPercent(nearest.distance)} of the tokens would have to move to reach the nearest, ` +
      `"${nearest.run}", where neighbouring runs are ${inPercent(usual)} apart (total variation distance)`;
    warnings.push({ code: 'far-from-runs', message });
  }
  return warnings;
}

function nearestRun(fitted: FittedLaw, shares: Float64Array): { readonly run: string; readonly distance: number } {
  let nearest = { run: '', distance: Number.POSITIVE_INFINITY };
  fitted.covered.mixtures.forEach((mixture, index) => {
    const distance = totalVariation(mixture, shares);
    if (distance < nearest.distance) nearest = { run: fitted.covered.runs[index], distance };
  });
  return nearest;
}

/** Median distance of a mixture to its nearest neighbour. */
function usualDistance(distinct: readonly (readonly number[])[]): number {
  const count = Math.min(distinct.length, NEIGHBOUR_SAMPLE);
  const distances = Array.from({ length: count }, (_, i) => {
    const mixture = distinct[Math.floor((i * distinct.length) / count)];
    return distinct.reduce(
      (least, other) => (other === mixture ? least : Math.min(least, totalVariation(mixture, other))),
      Number.POSITIVE_INFINITY,
    );
  });
  distances.sort((a, b) => a - b);
  return distances[Math.floor(count / 2)];
}

/** Shares that a bound, not the law, decided. Bounds that leave a domain no choice are the user's own. */
export function boundWarnings(active: readonly ActiveBound[], constraints: ShareConstraints): Warning[] {
  const { domains, lower, upper } = constraints;
  const chosen = active.filter(({ domain }) => {
    const j = domains.indexOf(domain);
    return lower[j] < upper[j];
  });
  const words = {
    lower: 'lower bound',
    upper: 'upper bound',
    'tokens available': 'limit of tokens available',
  } as const;
  return (['lower', 'upper', 'tokens available'] as const).flatMap(bound => {
    const list = chosen
      .filter(entry => entry.bound === bound)
      .map(({ domain, share }) => `${domain} ${inPercent(share)}`);
    if (list.length === 0) return [];
    const message = `${list.length === 1 ? 'a share is' : `${list.length} shares are`} on the ${words[bound]}: ${list.join(', ')}`;
    return [{ code: 'on-bound', message }];
  });
}

/** Whether the mixture compared with is one the constraints forbid, which makes the comparison unfair to the optimum. */
export function referenceWarnings(
  { name, shares }: { readonly name: string; readonly shares: Float64Array },
  { domains, lower, upper }: ShareConstraints,
  smallestShare: number,
): Warning[] {
  const broken = domains.flatMap((domain, j) => {
    if (shares[j] > upper[j] + SAME_SHARE) return [`${domain} ${inPercent(shares[j])}, at most ${inPercent(upper[j])}`];
    const isBelow = lower[j] > smallestShare && shares[j] < lower[j] - SAME_SHARE;
    return isBelow ? [`${domain} ${inPercent(shares[j])}, at least ${inPercent(lower[j])}`] : [];
  });
  if (broken.length === 0) return [];
  const message = `the mixture compared with, "${name}", is not allowed itself, so it may be better than the optimum: ${broken.join('; ')}`;
  return [{ code: 'reference-not-allowed', message }];
}

/** Shares that hardly matter to the objective. */
export function flatnessWarnings(freedom: Proposal['freedom']): Warning[] {
  const wide = Object.entries(freedom)
    .filter(([, { from, to }]) => to - from >= WIDE)
    .sort(([, a], [, b]) => b.to - b.from - (a.to - a.from));
  if (wide.length === 0) return [];
  const list = wide.slice(0, 3).map(([domain, { from, to }]) => `${domain} ${inPercent(from)} to ${inPercent(to)}`);
  if (wide.length > 3) list.push(`and ${wide.length - 3} more`);
  const message = `the optimum is flat: within ${FREEDOM_TOLERANCE * 100} % of the best objective shares range over ${list.join(', ')}`;
  return [{ code: 'flat-optimum', message }];
}

/** Targets of positive weight whose law ended on a limit of its coefficients. */
export function coefficientWarnings(fitted: FittedLaw, weights: readonly number[]): Warning[] {
  return fitted.targets.flatMap(({ target, atBound }, i) => {
    if (weights[i] === 0 || atBound.length === 0) return [];
    const names = atBound.slice(0, 4).join(', ') + (atBound.length > 4 ? ` and ${atBound.length - 4} more` : '');
    const message = `coefficients of "${target}" ended on a bound of the fit: ${names}`;
    return [{ code: 'coefficients-at-bound', message, domain: target }];
  });
}

/**
 * Domains drawn more often than repetition is known to help. Where repeated tokens are counted at their worth, only those whose
 * last repetition is worth less than 1/e of new tokens.
 */
export function epochWarnings(
  epochs: Proposal['epochs'],
  tokensAvailable: Readonly<Record<string, number>>,
  repetition: Proposal['repetition'],
): Warning[] {
  const many = repetition === null ? MANY_EPOCHS : 1 + repetition.decay;
  return Object.entries(epochs).flatMap(([domain, drawn]) => {
    if (drawn === null || drawn <= many * 1.001) return [];
    const available = tokensAvailable[domain];
    const counted =
      repetition === null
        ? 'the law takes every token for new'
        : `counted as ${readable(repetition.worth[domain] / available)} epochs of new ones, beyond what repetition was measured to be worth`;
    const message = `"${domain}" is drawn ${readable(drawn)} times over (${formatQuantity(available)} tokens available): ${counted}`;
    return [{ code: 'many-epochs', message, domain }];
  });
}

function readable(count: number): number {
  return Number(count.toPrecision(3));
}

/** A share as the tables print it. */
function inPercent(share: number): string {
  return `${readable(100 * share)} %`;
}
