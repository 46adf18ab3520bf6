/** What one row of a draft holds, checked: its shares, its volume, its losses. Rows that hold nothing are counted. */

import { BimixError, describePlace, type Place } from '../errors/index.ts';
import { normalizeProportions, SUM_TOLERANCE } from '../mixture/index.ts';
import type { Draft, DraftRow, Finding } from './draft.ts';
import { counted, findingOf } from './finding-group.ts';
import type { EvaluationUnit } from './loss-unit.ts';
import { metricValue } from './metric.ts';
import { MAX_LOSS, MAX_SIZE, MAX_VOLUME, MIN_LOSS, MIN_VOLUME } from './plausible-values.ts';
import { runLabel } from './run-label.ts';

/** Sums this near 1 are rounding of the arithmetic, not of the file: kept to the bit. */
const EXACT_SUM = 1e-12;
/** Sums further off than this are counted as a repair. */
const ROUNDED_SUM = 1e-9;

/** Reads the rows of a draft one by one, and remembers what it repaired and left out. */
export class RowReader {
  private readonly draft: Draft;
  private readonly units: readonly EvaluationUnit[];
  private readonly sumTolerance: number;
  private readonly sums: { readonly sum: number; readonly item: string }[] = [];
  private readonly percent: string[] = [];
  private readonly filled: string[] = [];
  private readonly untrained: string[] = [];
  private readonly empty: string[] = [];

  constructor(draft: Draft, units: readonly EvaluationUnit[], sumTolerance = SUM_TOLERANCE) {
    this.draft = draft;
    this.units = units;
    this.sumTolerance = sumTolerance;
  }

  /**
   * The shares of a row, normalized.
   *
   * @param isFirst whether it is the first of its run, whose repairs are counted
   */
  mixture(row: DraftRow, isFirst: boolean): Float64Array {
    const where = mixturePlace(row);
    const item = at(runLabel(row.run, row.size), where);
    const shares = Float64Array.from(row.mixture);
    const known = shares.reduce((total, share) => (Number.isNaN(share) ? total : total + share), 0);
    const isPercent = Math.abs(known - 100) <= Math.max(1, 100 * this.sumTolerance);
    if (isPercent) {
      shares.forEach((share, j) => {
        shares[j] = share / 100;
      });
      if (isFirst) this.percent.push(item);
    }
    this.fillEmpty(row, shares, isPercent ? known / 100 : known, isFirst);
    const before = Float64Array.from(shares);
    const options = { sumTolerance: this.sumTolerance, name: row.run, where };
    const sum = normalizeProportions(this.draft.trainingDomains, shares, options);
    if (isFirst && Math.abs(sum - 1) > ROUNDED_SUM) {
      this.sums.push({ sum, item: `${item}: summed to ${Number(sum.toPrecision(8))}` });
    }
    return Math.abs(sum - 1) <= EXACT_SUM ? before : shares;
  }

  /** An empty cell is a share of 0 where the others make a whole. */
  private fillEmpty(row: DraftRow, shares: Float64Array, sum: number, isFirst: boolean): void {
    const empty = this.draft.trainingDomains.filter((_, j) => Number.isNaN(shares[j]));
    if (empty.length === 0) return;
    const where = mixturePlace(row);
    if (Math.abs(sum - 1) > this.sumTolerance) {
      const message = `missing share of "${empty[0]}" in run "${row.run}": its cell is empty, and the other shares sum to ${Number(sum.toPrecision(6))}`;
      throw new BimixError('missing-share', message, {
        hint: 'Fill it in. An empty cell is read as 0 only where the other shares sum to 1.',
        where,
      });
    }
    shares.forEach((share, j) => {
      if (Number.isNaN(share)) shares[j] = 0;
    });
    if (isFirst) this.filled.push(`${at(runLabel(row.run, row.size), where)}: ${empty.join(', ')}`);
  }

  /** The volume of a row that has losses; undefined at volume 0, before the first token. */
  volume(row: DraftRow): number | undefined {
    const { volumeUnit } = this.draft;
    if (volumeUnit === 'none') return 1;
    const { run, volume, where } = row;
    if (volume === undefined || Number.isNaN(volume)) {
      throw new BimixError('missing-volume', `missing ${volumeUnit} of run "${run}"`, { where });
    }
    if (volume === 0) {
      this.untrained.push(at(runLabel(run, row.size), where));
      return undefined;
    }
    if (volume >= MIN_VOLUME && volume <= MAX_VOLUME) return volume;
    const rule = volume > 0 ? `from ${MIN_VOLUME} to ${MAX_VOLUME}` : 'above 0';
    throw new BimixError('invalid-volume', `invalid ${volumeUnit} ${volume} of run "${run}": expected ${rule}`, {
      where,
    });
  }

  /**
   * The model size of a row, where it has one, is one that exists.
   *
   * @throws BimixError `invalid-size`
   */
  checkSize({ run, size, where }: DraftRow): void {
    if (size === undefined || (size > 0 && size <= MAX_SIZE)) return;
    const rule = size > 0 ? `at most ${MAX_SIZE}` : 'above 0';
    throw new BimixError('invalid-size', `invalid model size ${size} of run "${run}": expected ${rule}`, { where });
  }

  /** k losses or metrics, NaN where missing; undefined where all are. */
  losses(row: DraftRow): Float64Array | undefined {
    const read = (unit: EvaluationUnit, i: number): number => this.loss(row, row.losses[i], unit);
    const { losses: given } = row;
    // Millions of rows that nothing was done to need no second copy.
    const isAsGiven =
      given instanceof Float64Array && this.units.every((unit, i) => Object.is(read(unit, i), given[i]));
    const losses = isAsGiven ? given : Float64Array.from(this.units, read);
    if (!losses.every(Number.isNaN)) return losses;
    this.empty.push(at(runLabel(row.run, row.size), row.where));
    return undefined;
  }

  private loss({ run, where }: DraftRow, loss: number, { domain, metric, toNats }: EvaluationUnit): number {
    if (Number.isNaN(loss)) return Number.NaN;
    if (metric !== undefined) return metricValue(metric, loss, `"${domain}" in run "${run}"`, where);
    const nats = toNats(loss);
    if (nats >= MIN_LOSS && nats <= MAX_LOSS) return nats;
    const isPerplexity = this.draft.lossUnit === 'perplexity';
    const rule =
      nats > 0 && nats < Number.POSITIVE_INFINITY
        ? `expected ${MIN_LOSS} to ${MAX_LOSS} nats per token`
        : isPerplexity
          ? 'expected a perplexity above 1'
          : 'expected a loss above 0';
    throw new BimixError('invalid-loss', `invalid loss ${loss} of "${domain}" in run "${run}": ${rule}`, {
      hint: 'Leave the cell empty where the loss is not known, for example after a run diverged.',
      where,
    });
  }

  /** The error of a draft in which no row was left. */
  nothingLeft(): BimixError {
    const all = this.untrained.length + this.empty.length;
    if (this.untrained.length === 0) {
      return new BimixError('missing-losses', `missing losses: none of ${counted(all, 'row')} has one`);
    }
    const { volumeUnit } = this.draft;
    const others = this.empty.length === 0 ? '' : `, and the other ${this.empty.length} have no losses`;
    const message = `invalid ${volumeUnit}: ${counted(this.untrained.length, 'row')} of ${all} ${this.untrained.length === 1 ? 'is' : 'are'} at 0 ${volumeUnit}${others}`;
    return new BimixError('invalid-volume', message, {
      hint: `Laws begin with the first token. Is another column the count of ${volumeUnit}? Name it with --column ${volumeUnit === 'steps' ? 'step' : 'tokens'}=COLUMN, or pass --column volume=none.`,
    });
  }

  /** What was repaired and left out, counted. */
  findings(): Finding[] {
    const worst = this.sums.reduce((a, { sum }) => (Math.abs(sum - 1) > Math.abs(a - 1) ? sum : a), 1);
    return [
      ...findingOf('repair', 'percent-shares', this.percent, n => {
        return `${counted(n, 'mixture')} in per cent divided by 100`;
      }),
      ...findingOf('repair', 'empty-shares', this.filled, n => {
        return `${counted(n, 'mixture')} with empty cells read as shares of 0: the other shares sum to 1`;
      }),
      ...findingOf(
        'repair',
        'renormalized',
        this.sums.map(({ item }) => item),
        n =>
          `${counted(n, 'mixture')} renormalized to sum to 1; the furthest summed to ${Number(worst.toPrecision(8))}`,
      ),
      ...findingOf('repair', 'untrained-checkpoint', this.untrained, n => {
        return `${counted(n, 'checkpoint')} at volume 0 dropped: laws begin with the first token`;
      }),
      ...findingOf('repair', 'no-losses', this.empty, n => `${counted(n, 'row')} without a single loss dropped`),
    ];
  }
}

/** Where the shares of a row stand. */
export function mixturePlace(row: DraftRow): Place {
  return row.mixtureWhere ?? row.where;
}

function at(label: string, where: Place): string {
  const place = describePlace(where);
  return place === '' ? label : `${label} (${place})`;
}
