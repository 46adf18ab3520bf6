/** A plan of runs from scratch: mixtures by a method, a name and a seed each, and what they will be able to tell. */

import { BimixError } from '../errors/index.ts';
import type { Warning } from '../laws/index.ts';
import { totalVariation } from '../mixture/index.ts';
import { allowedMixtures } from './allowed-mixtures.ts';
import type { DesignMethod } from './design-methods.ts';
import type { DesignedMixture, DesignProblem } from './design-problem.ts';
import { type DomainIdentification, identification, RUN_NOISE } from './identification.ts';
import { DESIGN_LAW } from './prior-knowledge.ts';

export interface DesignedRun {
  readonly name: string;
  /** m: shares of tokens. */
  readonly shares: Float64Array;
  /** To train with: that of the problem, one more for each earlier run of the same mixture. */
  readonly seed: number;
}

export interface RunDesign {
  readonly method: DesignMethod;
  readonly runs: readonly DesignedRun[];
  /** Different ones among the runs. */
  readonly mixtures: number;
  readonly identification: readonly DomainIdentification[];
  readonly warnings: readonly Warning[];
}

export interface RunDesignOptions {
  /** Defaults to what bimix-transfer needs for this many domains, or to the method's own number. */
  readonly runs?: number;
  /** Standard deviation of a run's log loss about the law; defaults to 0.005. */
  readonly noise?: number;
}

/** Mixtures nearer than this part of their tokens are one, and a move of less is rounding. */
const SAME_MIXTURE = 1e-4;
/** Mixtures that predictions are judged on: the same for every method and seed. */
const ASKED = 200;
/** Most domains that a warning names. */
const NAMED = 6;

/**
 * Where the method has fewer mixtures than there are runs, they are repeated with other seeds.
 *
 * @throws BimixError `invalid-runs` when the method has more mixtures than there are runs, and as the method
 */
export function designRuns(problem: DesignProblem, method: DesignMethod, options: RunDesignOptions = {}): RunDesign {
  const { domains, seed } = problem;
  const designed = method.mixtures(problem, options.runs ?? DESIGN_LAW.runsWanted(domains.length));
  const count = options.runs ?? designed.length;
  if (count < designed.length) {
    const message = `invalid number of runs ${count}: ${method.name} has ${designed.length} mixtures of ${domains.length} domains`;
    throw new BimixError('invalid-runs', message, {
      hint: 'Ask for as many runs, or for more: they repeat the mixtures.',
    });
  }
  const runs: DesignedRun[] = [];
  for (let n = 0; n < count; n++) {
    const { name, shares } = designed[n % designed.length];
    const round = Math.floor(n / designed.length);
    const earlier = runs.filter(run => isSame(run.shares, shares)).length;
    runs.push({ name: round === 0 ? name : `${name}-${round + 1}`, shares, seed: seed + earlier });
  }
  const mixtures = runs.filter(run => run.seed === seed).length;
  const shares = runs.map(run => run.shares);
  const asked = allowedMixtures(problem.constraints, ASKED, 0);
  const identified = identification(domains, shares, asked, options.noise ?? RUN_NOISE);
  return {
    method,
    runs,
    mixtures,
    identification: identified,
    warnings: [
      ...movedWarnings(designed),
      ...(method.isTrial ? [] : [...fewRunsWarnings(mixtures, domains.length), ...openWarnings(identified)]),
    ],
  };
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return totalVariation(a, b) <= SAME_MIXTURE;
}

function movedWarnings(designed: readonly DesignedMixture[]): Warning[] {
  return designed.flatMap(({ name, moved }) =>
    moved <= SAME_MIXTURE
      ? []
      : [
          {
            code: 'moved',
            message: `${name} is not allowed as it is: ${Number((100 * moved).toPrecision(2))} % of its tokens moved to the nearest mixture within the bounds and tokens available`,
          },
        ],
  );
}

function fewRunsWarnings(mixtures: number, domains: number): Warning[] {
  const wanted = DESIGN_LAW.runsWanted(domains);
  if (mixtures >= wanted) return [];
  const message = `${mixtures} different ${mixtures === 1 ? 'mixture is' : 'mixtures are'} few for ${DESIGN_LAW.name}, which wants at least ${wanted} of ${domains} domains: its priors will decide much`;
  return [{ code: 'few-runs', message }];
}

function openWarnings(identified: readonly DomainIdentification[]): Warning[] {
  const open = identified.filter(({ coefficients }) =>
    coefficients.some(({ coefficient, state }) => coefficient === 'alpha' && state !== 'known'),
  );
  if (open.length === 0) return [];
  const names = open.slice(0, NAMED).map(({ domain }) => domain);
  if (open.length > NAMED) names.push(`${open.length - NAMED} more`);
  const message = `alpha of ${names.join(', ')} will not be known to within half its size: read predictions, not coefficients, or add runs`;
  return [{ code: 'not-identified', message }];
}
