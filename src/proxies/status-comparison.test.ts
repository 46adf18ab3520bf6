import { describe, expect, test } from 'vitest';
import { divergenceOf, type LossCheckpoint, meanOf, type RunLosses } from './run-losses.ts';
import type { RunState } from './run-state.ts';
import { compareRuns } from './status-comparison.ts';
import { taskIds } from './task-id.ts';

const at = (volume: number, web: number, code = web): LossCheckpoint => ({ volume, losses: { web, code }, where: {} });

function state(checkpoints: readonly LossCheckpoint[], name: RunState['state'] = 'running'): RunState {
  const losses: RunLosses = {
    ...{ checkpoints, volumeUnit: 'tokens', tokensPerStep: null, lossUnit: 'nats', metrics: {}, schedule: null },
    ...{ size: null, shares: null, diverged: null, findings: [], files: [] },
  };
  const run = { name: 'a', id: 'a', weights: {}, tokens: 100, seed: 0, tokensAvailable: null };
  return {
    ...{
      run,
      state: name,
      isDone: false,
      hasEnded: false,
      node: null,
      tokens: 0,
      tokensPerSecond: null,
      secondsLeft: null,
    },
    ...{ losses, trouble: null, reason: null, log: null, attempts: 1 },
  };
}

describe('a run beside the others', () => {
  test('is compared at its own newest checkpoint', () => {
    const [first] = compareRuns(
      [state([at(10, 4), at(20, 3)]), state([at(20, 2), at(40, 1)]), state([at(20, 4)])],
      null,
    );
    expect(first.mean).toEqual({ loss: 3, difference: 0 });
    expect(first.volume).toBe(20);
  });

  test('is compared with others between their checkpoints, in the logarithm of the volume', () => {
    const [first] = compareRuns([state([at(20, 3)]), state([at(10, 4), at(40, 2)])], null);
    expect(first.losses.web.difference).toBeCloseTo(3 - 3, 12);
  });

  test('has nobody to be compared with where no other has been, or only one that diverged', () => {
    const ahead = compareRuns([state([at(80, 3)]), state([at(10, 4), at(40, 2)])], null)[0];
    expect(ahead.mean).toEqual({ loss: 3, difference: null });
    const alone = compareRuns([state([at(20, 3)]), state([at(20, 9)], 'diverged')], null)[0];
    expect(alone.mean?.difference).toBeNull();
    expect(compareRuns([state([])], null)).toEqual([{ volume: null, mean: null, losses: {} }]);
  });

  test('counts evaluation domains by the objective', () => {
    const [first] = compareRuns([state([at(20, 4, 1)]), state([at(20, 2, 1)])], { web: 3, code: 1 });
    expect(first.mean).toEqual({ loss: (3 * 4 + 1) / 4, difference: 1.5 });
    expect(meanOf({ web: 4 }, { code: 1 })).toBeNaN();
  });
});

describe('divergence', () => {
  test('is a loss that is no number, or a rise in every domain', () => {
    expect(divergenceOf([at(1, 4), at(2, Number.NaN)])).toBe('the loss of "web" is not a finite number');
    expect(divergenceOf([at(1, 4), at(2, 3), at(3, 3.9, 5)])).toBe(
      'every loss rose at the end, by 30 % and more above its lowest',
    );
    expect(divergenceOf([at(1, 4), at(2, 3), at(3, 3.2)])).toBeNull();
    expect(divergenceOf([])).toBeNull();
  });

  test('is none in a run that gets worse at what it is not trained on', () => {
    expect(divergenceOf([at(1, 4, 5), at(2, 3, 6), at(3, 2, 9)])).toBeNull();
  });
});

describe('ids of runs', () => {
  test('are the names where they are safe, and different wherever case is not told apart', () => {
    expect(taskIds(['spread-1', 'Spread 1', 'SPREAD-1', 'ä', '..'])).toEqual([
      'spread-1',
      'spread-1-2',
      'spread-1-3',
      'run',
      'run-2',
    ]);
  });
});
