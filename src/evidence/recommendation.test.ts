import { expect, test } from 'vitest';
import type { ComparedLaw, PairedDifference } from './comparison-types.ts';
import { type RecommendationFacts, recommend } from './recommendation.ts';

function law(name: string, mre: number, convex = true, kind: ComparedLaw['kind'] = 'law'): ComparedLaw {
  const mean = { mre, mreAtLast: mre, mae: mre, r2: 0.9, r2Log: 0.9, spearman: 0.9 };
  const traits = { kind, convex, runsWanted: 14, parameters: 10, toBest: null, fitSeconds: 0, regretAt1: 0 };
  return { law: name, mean, targets: {}, ...traits };
}

const BASELINE = law('nearest', 0.03, false, 'baseline');

/** @param standardError of every difference */
function facts(laws: readonly ComparedLaw[], standardError: number): RecommendationFacts {
  const mre = (name: string): number => laws.find(one => one.law === name)?.mean.mre ?? Number.NaN;
  return {
    laws,
    difference: (one, other): PairedDifference => ({ difference: mre(one) - mre(other), standardError, runs: 60 }),
    nested: [],
    runs: 60,
    mixtures: 60,
    domains: 7,
    holdsOutRuns: true,
  };
}

test('names the best convex law and says how far the next is behind', () => {
  const { optimize, predict, reasons } = recommend(facts([law('a', 0.0044), law('b', 0.0061), BASELINE], 0.0002));
  expect(optimize?.law).toBe('a');
  expect(optimize?.next).toMatchObject({ law: 'b', mre: 0.0061 });
  expect(predict).toBeNull();
  expect(reasons[0]).toBe(
    '60 held-out runs of 7 domains: a, 0.440 % against 0.610 % of b, the next convex law; the difference is clear (0.170 ± 0.020 points). It is convex in the mixture, so an optimum found is the global one.',
  );
});

test('says when the difference is noise', () => {
  expect(recommend(facts([law('a', 0.0044), law('b', 0.0046), BASELINE], 0.0002)).reasons[0]).toContain('within noise');
});

test('a law that predicts just the same is not the next', () => {
  const same = facts([law('a', 0.0044), law('twin', 0.0044), law('b', 0.0061), BASELINE], 0.0002);
  const { optimize } = recommend({
    ...same,
    difference: (one, other) => ({ ...same.difference(one, other), standardError: one === 'twin' ? 0 : 0.0002 }),
  });
  expect(optimize?.next?.law).toBe('b');
});

test('a law that is not convex is for predicting, and only where it is clearly better', () => {
  const laws = [law('trees', 0.003, false), law('a', 0.004), BASELINE];
  const clear = recommend(facts(laws, 0.0001));
  expect(clear.optimize?.law).toBe('a');
  expect(clear.predict?.law).toBe('trees');
  expect(clear.reasons[1]).toContain('do not optimize with it');
  const noisy = recommend(facts(laws, 0.001));
  expect(noisy.predict).toBeNull();
  expect(noisy.reasons[1]).toContain('no reason to give up a');
});

test('recommends no law that a baseline beats', () => {
  const { optimize, predict, reasons } = recommend(
    facts([BASELINE, law('a', 0.04), law('trees', 0.05, false)], 0.0001),
  );
  expect(optimize).toBeNull();
  expect(predict).toBeNull();
  expect(reasons[0]).toContain('no convex law predicts better than the baseline "nearest" (3.00 %)');
});

test('cautions where runs are few, or none are held out whole', () => {
  const { reasons } = recommend({ ...facts([law('a', 0.004), BASELINE], 0.001), mixtures: 6, holdsOutRuns: false });
  expect(reasons.join('\n')).toContain('No whole runs were held out');
  expect(reasons.join('\n')).toContain('a wants at least 14 different mixtures and there are 6');
});

test('the lowest of many errors is too good, unless the choice itself was tested', () => {
  const many = facts([law('a', 0.004), law('b', 0.005), law('c', 0.006), BASELINE], 0.001);
  expect(recommend(many).reasons.at(-1)).toContain('The lowest error of 3 laws is a little too good');
  const { mean, regretAt1 } = law('a', 0.0045);
  const nested = [{ among: 'convex', chosen: ['a', 'b', 'a'], mean, regretAt1 }] as const;
  const [, tested] = recommend({ ...many, nested }).reasons;
  expect(tested).toContain('errs 0.450 % (a in 2 folds, b in 1)');
});
