/** What the final runs of each choice came to: losses, intervals over seeds, and how much sooner they were where uniform ended. */

import { mean, studentQuantile } from '../../src/numerics/index.ts';
import { lossAt, type RunTable } from '../../src/observations/index.ts';

export interface Outcome {
  /** Name of the mixture. */
  readonly choice: string;
  /** Seeds. */
  readonly runs: number;
  /** Mean over evaluation domains at the end, then over seeds; nats per token. */
  readonly loss: number;
  /** Half the width of its 95 % interval, from the scatter between seeds of all choices together. */
  readonly margin: number;
  /** By evaluation domain, means over seeds. */
  readonly losses: Readonly<Record<string, number>>;
  /** Loss below that of the reference, seed by seed; null for the reference. */
  readonly gain: { readonly mean: number; readonly margin: number } | null;
  /** Tokens of a whole run over the tokens at which the reference's last loss was reached; null where it never was. */
  readonly speedUp: number | null;
}

interface Curve {
  readonly choice: string;
  readonly seed: number;
  /** Ascending. */
  readonly tokens: readonly number[];
  /** Mean over evaluation domains at each. */
  readonly means: readonly number[];
  /** By evaluation domain, at the end. */
  readonly last: readonly number[];
}

const LEVEL = 0.95;

/**
 * @param table final runs, named after their choice; later seeds as `choice-2`, `choice-3`
 * @param choices in the order of the result
 * @param reference the choice that others are compared with
 */
export function outcomes(table: RunTable, choices: readonly string[], reference: string): Outcome[] {
  const curves = curvesOf(table, choices);
  const of = (choice: string) => curves.filter(curve => curve.choice === choice).sort((a, b) => a.seed - b.seed);
  const basis = of(reference);
  const end = (curve: Curve): number => curve.means[curve.means.length - 1];
  const spread = pooled(choices.map(choice => of(choice).map(end)));
  const differences = (choice: string) =>
    of(choice).flatMap((curve, n) => (basis[n] ? [end(basis[n]) - end(curve)] : []));
  const others = choices.filter(choice => choice !== reference);
  const spreadOfDifferences = pooled(others.map(differences));
  const level = mean(basis.map(end)) ?? Number.NaN;
  return choices.map(choice => {
    const own = of(choice);
    const gains = differences(choice);
    return {
      choice,
      runs: own.length,
      loss: average(own.map(end)),
      margin: margin(spread, own.length),
      losses: Object.fromEntries(
        table.evaluationDomains.map((domain, i) => [domain, average(own.map(curve => curve.last[i]))]),
      ),
      gain: choice === reference ? null : { mean: average(gains), margin: margin(spreadOfDifferences, gains.length) },
      speedUp: speedUp(own, level),
    };
  });
}

function average(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function curvesOf(table: RunTable, choices: readonly string[]): Curve[] {
  const domains = table.evaluationDomains.map((_, i) => i);
  return table.runs.flatMap(({ name, seed = 0 }, run) => {
    const choice = choices.find(known => name === known || new RegExp(`^${known}-\\d+$`).test(name));
    if (choice === undefined) return [];
    const rows = Array.from(table.rowRun.keys()).filter(row => table.rowRun[row] === run);
    const lossesAt = (row: number) => domains.map(i => lossAt(table, row, i));
    return [
      {
        choice,
        seed,
        tokens: rows.map(row => table.rowVolume[row]),
        means: rows.map(row => average(lossesAt(row))),
        last: lossesAt(rows[rows.length - 1]),
      },
    ];
  });
}

interface Spread {
  readonly sd: number;
  readonly degrees: number;
}

/** Standard deviation within groups. */
function pooled(groups: readonly (readonly number[])[]): Spread {
  let squares = 0;
  let degrees = 0;
  for (const group of groups) {
    const centre = average(group);
    squares += group.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    degrees += Math.max(0, group.length - 1);
  }
  return { sd: Math.sqrt(squares / degrees), degrees };
}

function margin({ sd, degrees }: Spread, n: number): number {
  return degrees === 0 ? Number.NaN : (studentQuantile(LEVEL, degrees) * sd) / Math.sqrt(n);
}

/** On the mean curve over seeds, linear in the logarithm of tokens between checkpoints. */
function speedUp(curves: readonly Curve[], level: number): number | null {
  const [{ tokens }] = curves;
  const means = tokens.map((_, n) => average(curves.map(curve => curve.means[n])));
  const reached = means.findIndex(value => value <= level);
  const last = tokens[tokens.length - 1];
  if (reached < 0) return null;
  if (reached === 0) return last / tokens[0];
  const part = (means[reached - 1] - level) / (means[reached - 1] - means[reached]);
  return last / (tokens[reached - 1] * (tokens[reached] / tokens[reached - 1]) ** part);
}
