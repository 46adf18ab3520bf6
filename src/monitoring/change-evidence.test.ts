import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { describe, expect, test } from 'vitest';
import { ChangeDetector, levelEvidence, normalScore } from './change-evidence.ts';

/** Innovations of a run of `count` checkpoints after the first, all answering alike to a shift that began before them. */
function evidenceOf(innovations: readonly number[]): { logEvidence: number; since: number }[] {
  const detector = new ChangeDetector();
  return innovations.map((innovation, n) => detector.add(innovation, new Array<number>(n + 1).fill(1)));
}

test('a Student deviate becomes the normal one that is as rare', () => {
  // scipy.stats.norm.isf(scipy.stats.t.sf(t, degrees))
  expect(normalScore(2, 5)).toBeCloseTo(1.6355, 2);
  expect(normalScore(6, 5)).toBeCloseTo(3.1139, 1);
  expect(normalScore(-3, 12)).toBeCloseTo(-2.5406, 2);
  expect(normalScore(0, 5)).toBe(0);
});

describe('evidence of a change', () => {
  test('grows while a shift lasts, and says when it began', () => {
    const seen = evidenceOf([0.3, -0.5, 0.1, 0.4, 8, 8, 8, 8]);
    expect(seen[3].logEvidence).toBeLessThan(1);
    expect(seen[5].logEvidence).toBeGreaterThan(seen[4].logEvidence);
    expect(seen[7].logEvidence).toBeGreaterThan(Math.log(1000));
    expect(seen[7].since).toBe(5);
  });

  test('of one stray checkpoint stays small, however far it strays', () => {
    expect(evidenceOf([0.1, 0.2, 9, -0.1, 0.2])[2].logEvidence).toBeLessThan(Math.log(100));
  });

  test('is the same for a fall as for a rise', () => {
    const rise = [0.2, 3, 4, 5];
    expect(evidenceOf(rise.map(x => -x))).toEqual(evidenceOf(rise));
  });

  test('exceeds 20 in at most one healthy run of twenty, Gaussian or heavy-tailed', () => {
    const random = mersenne(5);
    const normal = (): number =>
      Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
    const student = (): number => {
      const squares = Array.from({ length: 5 }, normal).reduce((sum, x) => sum + x * x, 0);
      return normal() / Math.sqrt(squares / 5);
    };
    for (const draw of [normal, student]) {
      const runs = 1000;
      let alarms = 0;
      for (let run = 0; run < runs; run++) {
        const seen = evidenceOf(Array.from({ length: 20 }, draw));
        if (seen.some(({ logEvidence }) => logEvidence > Math.log(20))) alarms++;
      }
      expect(alarms / runs).toBeLessThan(0.05);
    }
  });
});

test('evidence of a level has an expectation of 1 where there is nothing to tell', () => {
  // Over normal scores z: the integral of exp(levelEvidence) against the normal density, by the trapezoid rule. A Student
  // variable of many degrees would do, but at most five are counted with, so scores are inverted to t first.
  const degrees = 5;
  const factor = (8 * degrees + 1) / (8 * degrees + 3);
  let sum = 0;
  for (let z = -40; z <= 40; z += 0.01) {
    const t = Math.sign(z) * Math.sqrt(degrees * Math.expm1((z / factor) ** 2 / degrees));
    sum += (0.01 * Math.exp(levelEvidence(t, degrees) - (z * z) / 2)) / Math.sqrt(2 * Math.PI);
  }
  expect(sum).toBeCloseTo(1, 6);
});
