/**
 * What runs can and cannot tell of a law, before any is made: the standard errors that the coefficients of bimix-transfer will
 * have, by the law's slopes at typical coefficients, its priors and the noise of a run (Laplace; Chaloner & Verdinelli 1995).
 */

import { afterObservation, dot } from './conditioning.ts';
import { priorKnowledge } from './prior-knowledge.ts';

/** Standard deviation of a run's log loss about the law, seed and misfit together. */
export const RUN_NOISE = 0.005;

/** A coefficient whose standard error falls by less than a fifth comes from its prior, not from the runs. */
const AT_PRIOR = 0.8;

export interface ExpectedError {
  /** As in `law.json`: `alpha`, `t.code`. */
  readonly coefficient: string;
  /** The typical value that the errors are expected at. */
  readonly value: number;
  /** Whether the standard errors are of the coefficient's logarithm: 0.7 is a factor of 2 either way. */
  readonly logarithm: boolean;
  /** Before any run, by the priors of the law. */
  readonly prior: number;
  /** After the runs. */
  readonly expected: number;
  /**
   * `known`: to within a factor e on a log scale, or half its size (at least 0.05) on a linear one; `prior`: hardly better than
   * before any run; `loose`: between the two.
   */
  readonly state: 'known' | 'loose' | 'prior';
}

export interface DomainIdentification {
  /** Whose loss is fitted. */
  readonly domain: string;
  /** Least and largest share of its tokens in the runs. */
  readonly shares: readonly [least: number, largest: number];
  readonly coefficients: readonly ExpectedError[];
  /**
   * Standard error of its predicted loss by the coefficients, root mean square over the mixtures asked about, as a part of the
   * loss.
   */
  readonly predictionError: number;
}

/**
 * @param mixtures of the runs, shares of tokens; runs of one mixture average their noise
 * @param asked at least one mixture whose losses will be predicted
 * @param noise standard deviation of a run's log loss about the law, above 0
 */
export function identification(
  domains: readonly string[],
  mixtures: readonly Float64Array[],
  asked: readonly Float64Array[],
  noise: number,
): DomainIdentification[] {
  return priorKnowledge(domains, [...mixtures, ...asked]).map(
    ({ domain, parameters, theta, coefficients, losses }, own) => {
      const p = parameters.length;
      let state: readonly Float64Array[] = [...coefficients, ...losses];
      mixtures.forEach((_, n) => {
        state = afterObservation(state, state[p + n], noise ** 2);
      });
      const shares = mixtures.map(mixture => mixture[own]);
      const variances = state.slice(p + mixtures.length).map(row => dot(row, row));
      return {
        domain,
        shares: [Math.min(...shares), Math.max(...shares)],
        coefficients: parameters.flatMap(({ name, scale }, q) => {
          if (name === 'tauMean') return [];
          const logarithm = scale === 'log';
          const prior = Math.sqrt(dot(coefficients[q], coefficients[q]));
          const expected = Math.sqrt(dot(state[q], state[q]));
          const allowed = logarithm ? 1 : Math.max(0.05, theta[q] / 2);
          const value = logarithm ? Math.exp(theta[q]) : theta[q];
          return [{ coefficient: name, value, logarithm, prior, expected, state: stateOf(expected, prior, allowed) }];
        }),
        predictionError: Math.sqrt(variances.reduce((a, b) => a + b, 0) / asked.length),
      };
    },
  );
}

function stateOf(expected: number, prior: number, allowed: number): ExpectedError['state'] {
  if (expected > AT_PRIOR * prior) return 'prior';
  return expected <= allowed ? 'known' : 'loose';
}
