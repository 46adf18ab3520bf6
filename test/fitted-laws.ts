/** Fitted laws with given coefficients, for tests of what uses them. */

import type { FittedLaw, FittedTarget } from '../src/laws/index.ts';

const FIT: Omit<FittedTarget, 'target' | 'own' | 'volumeVaries' | 'shareVaries' | 'coefficients'> = {
  standardErrors: {},
  atBound: [],
  notIdentified: [],
  quality: { rows: 40, runs: 8, mre: 0.005, rms: 0.006, r2: 0.99, worst: { run: 'r1', relativeError: 0.02 } },
  convergence: {
    converged: true,
    iterations: 12,
    objective: 0.01,
    starts: 8,
    startsFollowed: 8,
    startsAtBest: 8,
    conditionNumber: 30,
  },
};

/** A fit over 1B to 20B tokens of runs with these mixtures. */
function fittedLaw(
  law: string,
  trainingDomains: readonly string[],
  targets: FittedTarget[],
  change: Partial<FittedLaw>,
): FittedLaw {
  const m = trainingDomains.length;
  const around = trainingDomains.map((_, i) => trainingDomains.map((_, j) => (i === j ? 0.6 : 0.4 / (m - 1))));
  const mixtures = change.covered?.mixtures ?? [...around, trainingDomains.map(() => 1 / m)];
  return {
    kind: 'bimix-law',
    schemaVersion: 2,
    law,
    trainingDomains,
    units: { share: 'tokens', loss: 'nats per token' },
    volume: { unit: 'tokens', scale: 20e9, smallest: 1e9, largest: 20e9 },
    targets,
    covered: {
      runs: mixtures.map((_, i) => `r${i + 1}`),
      mixtures,
      lastLosses: mixtures.map(() => targets.map(() => null)),
      lastVolumes: mixtures.map(() => 20e9),
    },
    warmUp: { rule: 'none', excluded: [] },
    settings: { robust: false },
    verdict: 'the runs carry the law',
    warnings: [],
    provenance: { format: 'test', inputs: [], version: '0.0.0' },
    ...change,
  };
}

/** Coefficients [C, alpha, B, beta] of the published law, by domain. */
export function bimixFit(
  coefficients: Readonly<Record<string, readonly [number, number, number, number]>>,
  change: Partial<FittedLaw> = {},
): FittedLaw {
  const volumeVaries = change.volume?.unit !== 'none';
  const targets = Object.entries(coefficients).map(
    ([domain, [C, alpha, B, beta]]): FittedTarget => ({
      target: domain,
      own: domain,
      volumeVaries,
      shareVaries: true,
      coefficients: { C, alpha, ...(volumeVaries ? { B, beta } : {}) },
      ...FIT,
    }),
  );
  return fittedLaw('bimix', Object.keys(coefficients), targets, change);
}

export interface TransferTarget {
  readonly target: string;
  readonly own: string | null;
  readonly E: number;
  readonly C: number;
  readonly alpha: number;
  readonly B: number;
  readonly beta: number;
  readonly rho: number;
  readonly sigma: number;
  /** By training domain other than the own. */
  readonly t: Readonly<Record<string, number>>;
}

export function transferFit(
  trainingDomains: readonly string[],
  targets: readonly TransferTarget[],
  change: Partial<FittedLaw> = {},
): FittedLaw {
  const list = targets.map(({ target, own, t, ...scalars }) => ({
    target,
    own,
    volumeVaries: true,
    shareVaries: true,
    coefficients: {
      ...scalars,
      tauMean: -3,
      ...Object.fromEntries(Object.entries(t).map(([domain, value]) => [`t.${domain}`, value])),
    },
    ...FIT,
  }));
  return fittedLaw('bimix-transfer', trainingDomains, list, change);
}
