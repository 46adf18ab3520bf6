import { describe, expect, test } from 'vitest';
import { bimixFit } from '../../test/fitted-laws.ts';
import { watchedLog } from './watched-log.ts';

const LAW = bimixFit({ web: [2.5, 0.08, 0.3, 0.4], code: [1, 0.2, 0.3, 0.5] });

describe('checkpoints of a log', () => {
  test('are put together from their lines, in ascending order, later losses over earlier ones', () => {
    const { checkpoints, ignored } = watchedLog(
      LAW,
      {
        entries: [
          { tokens: 2e9, losses: { web: 3.1 } },
          { tokens: 1e9, losses: { Web: 3.5, extra: 1 } },
          { tokens: 2e9, losses: { web: 3.2, code: 2 } },
          { tokens: 0, losses: { web: 11 } },
        ],
      },
      undefined,
      {},
    );
    expect(checkpoints).toEqual([
      { volume: 1e9, losses: { web: 3.5 } },
      { volume: 2e9, losses: { web: 3.2, code: 2 } },
    ]);
    expect(ignored).toEqual(['extra']);
  });

  test('in steps become tokens, by what the user says before what the log says', () => {
    const log = { entries: [{ steps: 10, losses: { web: 3 } }], tokensPerStep: 100 };
    expect(watchedLog(LAW, log, undefined, {}).checkpoints[0].volume).toBe(1000);
    expect(watchedLog(LAW, log, 200, {}).checkpoints[0].volume).toBe(2000);
    expect(() => watchedLog(LAW, { entries: log.entries }, undefined, {})).toThrowError('missing tokens per step');
    expect(() => watchedLog(LAW, { entries: [{ losses: { web: 3 } }] }, 1, {})).toThrowError('missing volume');
  });

  test('go by other names where the user says so, and not at all where none is known', () => {
    const log = { entries: [{ tokens: 1e9, losses: { c4: 3 } }] };
    expect(watchedLog(LAW, log, undefined, { c4: 'web', later: 'code' }).checkpoints[0].losses).toEqual({ web: 3 });
    expect(() => watchedLog(LAW, log, undefined, {})).toThrowError(
      "missing losses of the law's targets: it has web, code, the log c4",
    );
  });

  test('are whole once they have what earlier ones have; the first, once it has all targets', () => {
    const whole = (...entries: readonly Record<string, number>[]): boolean =>
      watchedLog(LAW, { entries: entries.map((losses, n) => ({ tokens: (n + 1) * 1e9, losses })) }, undefined, {})
        .lastIsWhole;
    expect(whole({ web: 3 })).toBe(false);
    expect(whole({ web: 3, code: 2 })).toBe(true);
    expect(whole({ web: 3 }, { web: 3 })).toBe(true);
    expect(whole({ web: 3, code: 2 }, { web: 3 })).toBe(false);
  });
});
