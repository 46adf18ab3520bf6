import { expect, test } from 'vitest';
import { LossWatch } from './loss-watch.ts';

function watchAll(losses: readonly number[]): number {
  const watch = new LossWatch();
  return losses.findIndex(loss => watch.add(loss, 1) !== null);
}

const falling = Array.from({ length: 300 }, (_, step) => 2 + 3 / (1 + step / 20) + (step % 2 === 0 ? 0.2 : -0.2));

test('a falling, noisy loss is no divergence', () => {
  expect(watchAll(falling)).toBe(-1);
});

test('a loss or gradient that is not a finite number is one at once', () => {
  expect(watchAll([...falling, Number.NaN])).toBe(falling.length);
  expect(new LossWatch().add(3, Number.POSITIVE_INFINITY)).toContain('gradient');
});

test('a spike that heals is none', () => {
  const spike = Array.from({ length: 20 }, (_, step) => 5 - step * 0.15);
  expect(watchAll([...falling, ...spike, ...falling.slice(100)])).toBe(-1);
});

test('a long stretch of harder text is none', () => {
  expect(watchAll([...falling, ...Array.from({ length: 100 }, () => 2.9), ...falling.slice(200)])).toBe(-1);
});

test('a loss that rises and stays is one after fifty steps', () => {
  const found = watchAll([...falling, ...Array.from({ length: 200 }, () => 4.5)]);
  expect(found).toBeGreaterThanOrEqual(falling.length + 50);
  expect(found).toBeLessThan(falling.length + 65);
});

test('a watch goes on from its state', () => {
  const losses = [...falling, ...Array.from({ length: 200 }, () => 4.5)];
  const whole = watchAll(losses);
  const first = new LossWatch();
  for (const loss of losses.slice(0, 320)) first.add(loss, 1);
  const second = new LossWatch(JSON.parse(JSON.stringify(first.state)));
  expect(losses.slice(320).findIndex(loss => second.add(loss, 1) !== null) + 320).toBe(whole);
});
