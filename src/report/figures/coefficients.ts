/** The law's coefficients for every target, and the matrix of transfer where it has one. */

import {
  type CoefficientColumn,
  type CoefficientValue,
  coefficientsChart,
  formatCoefficient,
  type TransferMatrix,
  transferMatrixChart,
} from '../../charts/index.ts';
import { type FittedTarget, type Parameter, parametersOf, shapeOfTarget } from '../../laws/index.ts';
import type { ReportContext } from '../report-context.ts';
import type { Figure } from './figure.ts';

/** Coefficients by training domain are called `t.<domain>`. */
const TRANSFER = 't.';
/** The ridge's own: in the tables, not in the charts. */
const INTERNAL = new Set(['tauMean']);

/** A token worth less than this part of an own one is hardly a help. */
const HARDLY = 0.05;

/** The law's coefficients that are not by training domain, as any target has them, in the law's order. */
export function plainParameters({ law, fitted, domains }: ReportContext): readonly Parameter[] {
  const found = new Map<string, Parameter>();
  for (const target of fitted.targets) {
    for (const parameter of parametersOf(law, shapeOfTarget(fitted, target))) {
      const ofDomain = domains.some(domain => parameter.name.endsWith(`.${domain}`));
      if (!ofDomain && !found.has(parameter.name)) found.set(parameter.name, parameter);
    }
  }
  return [...found.values()];
}

/** What stands before the dot of coefficients by training domain, other than those of the transfer matrix. */
export function domainFamilies(context: ReportContext): string[] {
  const { targets, domains } = context;
  const names = targets.flatMap(target => Object.keys(target.coefficients));
  const families = names.flatMap(name => {
    const dot = name.indexOf('.');
    return dot > 0 && domains.includes(name.slice(dot + 1)) ? [name.slice(0, dot)] : [];
  });
  const inMatrix = transferMatrix(context) !== null;
  return [...new Set(families)].filter(family => !(inMatrix && `${family}.` === TRANSFER));
}

export function coefficientOf(target: FittedTarget, name: string): CoefficientValue | null {
  const value = target.coefficients[name];
  if (value === undefined) return null;
  const flag = target.atBound.includes(name)
    ? 'at bound'
    : target.notIdentified.includes(name)
      ? 'not identified'
      : 'none';
  return { value, standardError: target.standardErrors[name] ?? null, flag };
}

export function coefficientsFigure(context: ReportContext): Figure {
  const { targets, fitted, law, targetColours } = context;
  const parameters = plainParameters(context).filter(parameter => !INTERNAL.has(parameter.name));
  const columns = parameters.map(({ name, symbol, scale }): CoefficientColumn => {
    const values = targets.map(target => coefficientOf(target, name));
    const sizes = values.flatMap(value => (value === null ? [] : [value.value]));
    return {
      symbol,
      scale: scale === 'log' && Math.max(...sizes) > 30 * Math.min(...sizes) ? 'log' : 'linear',
      values,
    };
  });
  return {
    name: 'coefficients',
    finding: coefficientsFinding(targets, columns),
    caption: `${law.title}; standard errors count all checkpoints of a run as one observation. Fitted on ${context.measuredOn}${fitted.warmUp.excluded.length > 0 ? ', without the warm-up' : ''}.`,
    draw: options =>
      coefficientsChart(
        targets.map(({ target }) => target),
        columns,
        targetColours,
        options,
      ),
  };
}

function coefficientsFinding(targets: readonly FittedTarget[], columns: readonly CoefficientColumn[]): string {
  const alphas = targets.flatMap(target => {
    const alpha = coefficientOf(target, 'alpha');
    return alpha === null || alpha.flag !== 'none' ? [] : [{ target: target.target, alpha: alpha.value }];
  });
  const values = columns.flatMap(column => column.values.filter(value => value !== null));
  const flags = values.filter(({ flag }) => flag !== 'none').length;
  const trust =
    flags === 0
      ? 'every coefficient is determined by the runs'
      : `${flags} of ${values.length} coefficients are at a bound or not identified`;
  if (alphas.length < 2) return trust[0].toUpperCase() + trust.slice(1);
  const sorted = [...alphas].sort((a, b) => b.alpha - a.alpha);
  const most = sorted[0];
  const least = sorted[sorted.length - 1];
  return `${most.target} responds most to the mixture (α = ${twoDigits(most.alpha)}), ${least.target} least (${twoDigits(least.alpha)}); ${trust}`;
}

/** Null when the law knows no effective share, which has an exponent sigma. */
export function transferMatrix({ targets, domains }: ReportContext): TransferMatrix | null {
  if (targets.every(target => target.coefficients.sigma === undefined)) return null;
  const weights = targets.map(target =>
    domains.map(domain => (domain === target.own ? null : (target.coefficients[`${TRANSFER}${domain}`] ?? null))),
  );
  if (weights.every(row => row.every(weight => weight === null))) return null;
  return { targets: targets.map(({ target }) => target), sources: domains, weights };
}

export function transferFigure(context: ReportContext): Figure | null {
  const matrix = transferMatrix(context);
  if (matrix === null) return null;
  let best = { source: '', target: '', weight: -1 };
  matrix.weights.forEach((row, i) => {
    row.forEach((weight, j) => {
      if (weight !== null && weight > best.weight) {
        best = { source: matrix.sources[j], target: matrix.targets[i], weight };
      }
    });
  });
  const helps = best.weight < HARDLY ? 'Domains hardly help each other' : 'Domains help each other';
  return {
    name: 'transfer',
    finding: `${helps}: most of all ${best.source} helps ${best.target} (t = ${twoDigits(best.weight)}, its own tokens count 1)`,
    caption: `Coefficients t of the effective share; shares are of tokens. Read a row as: what lowers the loss of this evaluation domain. Where σ < ρ small shares count for more than t says. Fitted on ${context.measuredOn}.`,
    draw: options => transferMatrixChart(matrix, options),
  };
}

function twoDigits(value: number): string {
  return formatCoefficient(Number(value.toPrecision(2)));
}
