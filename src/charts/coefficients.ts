/** Every coefficient of a law with its standard error: a column of panels a coefficient, a row a domain. */

import * as Plot from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { paddedExtent } from './extent.ts';
import type { LegendItem } from './legend.ts';
import { formatCoefficient } from './number-format.ts';
import { type RowPanel, rowPanels } from './row-panels.ts';
import { GREY, type Palette } from './theme.ts';
import { linearTicks, logTicks } from './ticks.ts';

export interface CoefficientValue {
  readonly value: number;
  /** Null where the fit gives none. */
  readonly standardError: number | null;
  readonly flag: 'none' | 'at bound' | 'not identified';
}

export interface CoefficientColumn {
  readonly symbol: string;
  /** `log` where values span orders of magnitude. */
  readonly scale: 'linear' | 'log';
  /** One a target; null where the target's law has no such coefficient. */
  readonly values: readonly (CoefficientValue | null)[];
}

/** Half the bar, in standard errors. */
const BAR = 2;

/** @param targets evaluation domains, in drawing order */
export function coefficientsChart(
  targets: readonly string[],
  columns: readonly CoefficientColumn[],
  palette: Palette,
  options: ChartOptions = {},
): SVGSVGElement {
  const flagged = columns.flatMap(column => column.values).some(value => value !== null && value.flag !== 'none');
  const legend: LegendItem[] = [
    { label: 'estimate', symbol: 'dot', colour: GREY },
    { label: `± ${BAR} standard errors`, symbol: 'line', colour: GREY },
  ];
  if (flagged) legend.push({ label: 'at a bound or not identified', symbol: 'ring', colour: GREY });
  const symbols = columns.map(column => column.symbol).join(', ');
  const alt = `Coefficients ${symbols} of ${targets.length} domains with ${BAR} standard errors either side.`;
  return rowPanels(
    columns.map(column => drawColumn(targets, column, palette)),
    { ...options, description: { name: 'coefficients', alt }, rows: targets, legend },
  );
}

function drawColumn(targets: readonly string[], column: CoefficientColumn, palette: Palette): RowPanel {
  const points = column.values.flatMap((value, index) => {
    return value === null ? [] : [{ ...value, target: targets[index] }];
  });
  const log = column.scale === 'log' && points.every(point => point.value > 0);
  const domain = log ? logDomain(points.map(point => point.value)) : linearDomain(points);
  const bars = points.flatMap(({ target, value, standardError }) => {
    if (standardError === null) return [];
    const from = log ? value * Math.exp((-BAR * standardError) / value) : value - BAR * standardError;
    const to = log ? value * Math.exp((BAR * standardError) / value) : value + BAR * standardError;
    return [{ target, from: Math.max(from, domain[0]), to: Math.min(to, domain[1]) }];
  });
  const colour = (point: { target: string }): string => palette.get(point.target) ?? GREY;
  const title = (point: (typeof points)[number]): string => {
    const error = point.standardError === null ? '' : ` ± ${formatCoefficient(point.standardError)}`;
    return `${point.target}: ${column.symbol} = ${formatCoefficient(point.value)}${error}`;
  };
  return {
    title: column.symbol,
    plot: width => ({
      x: { type: log ? 'log' : 'linear', domain },
      ticks: log ? logTicks(domain, 3) : linearTicks(domain, width, formatCoefficient, 4),
      tickFormat: formatCoefficient,
      marks: [
        Plot.ruleY(bars, { y: 'target', x1: 'from', x2: 'to', stroke: colour, strokeWidth: 1.6 }),
        Plot.dot(points, {
          x: 'value',
          y: 'target',
          r: 3.5,
          fill: point => (point.flag === 'none' ? colour(point) : 'white'),
          stroke: point => (point.flag === 'none' ? 'white' : colour(point)),
          strokeWidth: 1.2,
          title,
        }),
      ],
    }),
  };
}

/** Wide enough for the estimates, and for bars up to as far again: an endless bar must not flatten the rest. */
function linearDomain(points: readonly CoefficientValue[]): [number, number] {
  const [low, high] = paddedExtent(
    points.map(point => point.value),
    0.1,
  );
  const reach = high - low;
  const ends = points.flatMap(({ value, standardError }) =>
    standardError === null ? [] : [value - BAR * standardError, value + BAR * standardError],
  );
  return [
    Math.max(Math.min(low, ...ends), low - reach / 2, low >= 0 ? 0 : Number.NEGATIVE_INFINITY),
    Math.min(Math.max(high, ...ends), high + reach / 2),
  ];
}

function logDomain(values: readonly number[]): [number, number] {
  const [low, high] = paddedExtent(values.map(Math.log), 0.15);
  return [Math.exp(low), Math.exp(high)];
}
