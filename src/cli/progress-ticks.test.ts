import { expect, test } from 'vitest';
import { pauseBefore, ticked } from './progress-ticks.ts';

const tick = { text: 'fitting bimix: 3 of 17', last: '', count: 0, isTerminal: false };

test('work of less than two seconds says nothing, longer work a line each ten seconds in a log', () => {
  expect([0, 1, 2].map(count => pauseBefore(count, false))).toEqual([2000, 10_000, 10_000]);
});

test('on a terminal the line is rewritten five times a second', () => {
  expect([0, 1, 2].map(count => pauseBefore(count, true))).toEqual([2000, 200, 200]);
  expect(ticked({ ...tick, isTerminal: true })).toBe('\r\u001b[2Kfitting bimix: 3 of 17');
});

test('a line of a log that has nothing new says how long it has been', () => {
  expect(ticked(tick)).toBe('fitting bimix: 3 of 17\n');
  expect(ticked({ ...tick, last: tick.text, count: 2 })).toBe('fitting bimix: 3 of 17 (22 s so far)\n');
});
