import { expect, test } from 'vitest';
import { SCHEDULES } from '../observations/index.ts';
import { scheduleWarnings } from './schedule-warning.ts';

const VOLUMES = { unit: 'tokens', largest: 20e9, insideRuns: true } as const;

test.each(SCHEDULES)('a %s schedule is warned of unless the rate stays the same', schedule => {
  const codes = scheduleWarnings({ ...VOLUMES, schedule }).map(({ code }) => code);
  expect(codes).toEqual(schedule === 'constant' ? [] : [schedule === 'unknown' ? 'schedule-unknown' : 'mid-schedule']);
});

test('one not said is unknown, and the warning says what is unsafe and what to do', () => {
  const [{ code, message }] = scheduleWarnings(VOLUMES);
  expect(code).toBe('schedule-unknown');
  expect(message).toContain('predictions beyond 20B tokens are unreliable');
  expect(message).toContain('bimix import --schedule');
});

test('runs of one checkpoint each have none inside a schedule', () => {
  expect(scheduleWarnings({ ...VOLUMES, insideRuns: false })).toEqual([]);
  expect(scheduleWarnings({ ...VOLUMES, unit: 'none' })).toEqual([]);
});
