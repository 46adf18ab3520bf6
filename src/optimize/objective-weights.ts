/** What each loss counts in the objective, and in which unit that is. */

import { BimixError, didYouMean } from '../errors/index.ts';
import { commonUnit, type FittedLaw, type FittedTarget, targetsByUnit, type Warning } from '../laws/index.ts';

/**
 * One weight a target; they sum to 1.
 *
 * @param weights by evaluation domain, in any scale, 0 for those left out; equal unless given
 * @throws BimixError `unknown-domain`, `invalid-weights`; `ambiguous-objective` when the targets have several units and no
 *   weights say what a unit of each is worth
 */
export function objectiveWeights(
  { targets }: FittedLaw,
  weights: Readonly<Record<string, number>> | undefined,
): number[] {
  if (weights === undefined) {
    requireOneUnit(targets);
    return targets.map(() => 1 / targets.length);
  }
  const names = targets.map(({ target }) => target);
  for (const [name, weight] of Object.entries(weights)) {
    if (!names.includes(name)) {
      const message = `unknown evaluation domain "${name}" in the weights`;
      throw new BimixError('unknown-domain', message, { hint: didYouMean(name, names) });
    }
    if (!(weight >= 0 && Number.isFinite(weight))) {
      throw new BimixError('invalid-weights', `invalid weights: that of "${name}" is ${weight}, expected 0 or more`);
    }
  }
  const list = names.map(name => (Object.hasOwn(weights, name) ? weights[name] : 0));
  if (!list.some(weight => weight > 0)) {
    throw new BimixError('invalid-weights', 'invalid weights: every evaluation domain has weight 0', {
      hint: 'Give at least one a positive weight.',
    });
  }
  return summingToOne(list);
}

/** Divided by the largest first, so that no sum overflows. */
export function summingToOne(weights: readonly number[]): number[] {
  const largest = Math.max(...weights);
  const scaled = weights.map(weight => weight / largest);
  const total = scaled.reduce((sum, weight) => sum + weight, 0);
  return scaled.map(weight => weight / total);
}

/**
 * For means over targets with equal weights.
 *
 * @throws BimixError `ambiguous-objective` when the targets have several units
 */
export function requireOneUnit(targets: readonly FittedTarget[]): void {
  const units = targetsByUnit(targets);
  if (units.size < 2) return;
  const options = [...units.values(), targets].map(group => `--weights ${weightsText(group)}`);
  const listed = [...units].map(([unit, group]) => `${namesText(group)} in ${unit}`);
  throw new BimixError('ambiguous-objective', `ambiguous objective: the targets are ${listed.join('; ')}`, {
    hint: `Minimize one kind: ${options.slice(0, -1).join('  or  ')}. Or say what a unit of each is worth, by weights of your own in place of these: ${options.at(-1)}.`,
  });
}

/** Unit of a weighted mean of the targets' losses; null where it adds several. */
export function objectiveUnit({ targets }: FittedLaw, weights: readonly number[]): string | null {
  return commonUnit({ targets: targets.filter((_, i) => weights[i] > 0) });
}

/** Targets that count for nothing, and units that are added up. */
export function weightWarnings(fitted: FittedLaw, weights: readonly number[]): Warning[] {
  const warnings: Warning[] = [];
  const left = fitted.targets.filter((_, i) => weights[i] === 0).map(({ target }) => target);
  if (left.length > 0) {
    const message = `no weight on the loss of ${left.join(', ')}: the mixture is free to neglect ${left.length === 1 ? 'it' : 'them'}`;
    warnings.push({ code: 'targets-without-weight', message });
  }
  const units = [...targetsByUnit(fitted.targets.filter((_, i) => weights[i] > 0)).keys()];
  if (units.length > 1) {
    const message = `the objective adds ${units.join(' and ')}, in mixed units: the weights say what a unit of each is worth`;
    warnings.push({ code: 'mixed-units', message });
  }
  return warnings;
}

function namesText(targets: readonly FittedTarget[]): string {
  return targets.map(({ target }) => target).join(', ');
}

/** `web:1,code:1`. */
function weightsText(targets: readonly FittedTarget[]): string {
  const text = targets.map(({ target }) => `${target}:1`).join(',');
  return /^[\w.:,/-]+$/.test(text) ? text : `'${text}'`;
}
