import { expect, test } from 'vitest';
import { studentProbability, studentQuantile } from './student-t.ts';

test('agrees with scipy at odd and even degrees of freedom', () => {
  // scipy.stats.t.ppf((1 + p) / 2, df) for p in (0.5, 0.95, 0.99)
  const reference: [degrees: number, half: number, most: number, nearlyAll: number][] = [
    [1, 1.0000000000000002, 12.706204736174694, 63.656741162871526],
    [2, 0.8164965809277261, 4.302652729749462, 9.924843200918287],
    [3, 0.7648923284043444, 3.1824463052837078, 5.840909309733355],
    [4, 0.7406970841126829, 2.7764451051977934, 4.604094871349992],
    [7, 0.7111417780817866, 2.364624251592784, 3.4994832973504924],
    [19, 0.6876214602039602, 2.0930240544083087, 2.8609346064649794],
    [31, 0.6824863060025721, 2.039513446396408, 2.744041919294269],
    [100, 0.6769510430114717, 1.9839715185235518, 2.6258905214380173],
    [1001, 0.6747349193584472, 1.9623367052808798, 2.5807497687505245],
  ];
  for (const [degrees, half, most, nearlyAll] of reference) {
    expect(Math.abs(studentQuantile(0.5, degrees) / half - 1)).toBeLessThan(1e-12);
    expect(Math.abs(studentQuantile(0.95, degrees) / most - 1)).toBeLessThan(1e-12);
    expect(Math.abs(studentQuantile(0.99, degrees) / nearlyAll - 1)).toBeLessThan(1e-12);
  }
});

test('the distribution function is that of scipy', () => {
  // scipy.stats.t.cdf(t, df)
  const reference: [t: number, degrees: number, probability: number][] = [
    [-2.5, 1, 0.12111894159084341],
    [0, 4, 0.5],
    [1.3, 7, 0.8826160823038114],
    [-0.4, 30, 0.345995258257096],
  ];
  for (const [t, degrees, probability] of reference) {
    expect(studentProbability(t, degrees)).toBeCloseTo(probability, 13);
  }
});
