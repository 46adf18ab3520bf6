/** Random shapes and designs of one target, for properties of laws and fits. */

import fc from 'fast-check';
import type { Design, Law, TargetShape } from '../src/laws/index.ts';

export interface ShapeAndDesign {
  readonly shape: TargetShape;
  readonly design: Design;
  readonly runs: number;
  readonly rows: number;
}

const share = fc.oneof({ weight: 3, arbitrary: fc.double({ min: 0.01, max: 1, noNaN: true }) }, fc.constant(0));

/** m shares that sum to one, some of them zero. */
export function mixtureOf(m: number): fc.Arbitrary<number[]> {
  return fc
    .array(share, { minLength: m, maxLength: m })
    .filter(weights => weights.some(weight => weight > 0))
    .map(weights => {
      const sum = weights.reduce((a, b) => a + b, 0);
      return weights.map(weight => weight / sum);
    });
}

/**
 * Two to five domains, two to five runs of one to four rows; volumes vary or not, shares vary or not, own domain or none, and
 * sizes vary or not where the law knows them.
 */
export function shapeAndDesign(ownDomain: boolean, knowsSize = false): fc.Arbitrary<ShapeAndDesign> {
  return fc
    .record({
      m: fc.integer({ min: 2, max: 5 }),
      runs: fc.integer({ min: 2, max: 5 }),
      volumeVaries: fc.boolean(),
      shareVaries: fc.boolean(),
      sizeVaries: knowsSize ? fc.boolean() : fc.constant(false),
    })
    .chain(({ m, runs, volumeVaries, shareVaries, sizeVaries }) =>
      fc
        .record({
          own: ownDomain ? fc.integer({ min: 0, max: m - 1 }) : fc.constant(-1),
          mixtures: fc.array(mixtureOf(m), { minLength: runs, maxLength: runs }),
          rowsOfRuns: fc.array(
            fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
            { minLength: runs, maxLength: runs },
          ),
          sizes: fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: runs, maxLength: runs }),
        })
        .map(({ own, mixtures, rowsOfRuns, sizes }) => {
          const volume = Float64Array.from(rowsOfRuns.flat(), x => (volumeVaries ? x : 1));
          const rowRun = Int32Array.from(rowsOfRuns.flatMap((rows, run) => rows.map(() => run)));
          return {
            shape: {
              domains: Array.from({ length: m }, (_, j) => `d${j}`),
              own,
              volumeVaries,
              shareVaries,
              sizeVaries,
            },
            design: {
              shares: Float64Array.from(mixtures.flat()),
              rowRun,
              volume,
              size: Float64Array.from(sizes, size => (sizeVaries ? size : 1)),
            },
            runs,
            rows: volume.length,
          };
        }),
    );
}

/** Parameters well within the bounds of a law, from as many numbers in 0..1 as it has parameters. */
export function thetaWithin(law: Law, shape: TargetShape, units: readonly number[]): Float64Array {
  return Float64Array.from(law.parameters(shape), ({ scale, lower, upper }, q) => {
    const low = Math.max(lower, scale === 'log' ? -4 : 0.05);
    return low + units[q] * (Math.min(upper, scale === 'log' ? 2 : 1.5) - low);
  });
}

/** Enough numbers in 0..1 for the parameters of any shape above. */
export const units = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 32, maxLength: 32 });
