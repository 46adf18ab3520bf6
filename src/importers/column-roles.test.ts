import { describe, expect, test } from 'vitest';
import type { ColumnMap } from './column-map.ts';
import { columnRoles, requireColumns } from './column-roles.ts';

/** Roles by column name. */
function rolesOf(columns: readonly string[], map: ColumnMap = {}) {
  const { run, weights, losses, long, ...single } = columnRoles(columns, map);
  const named = (all: readonly { domain: string; column: number }[]) =>
    Object.fromEntries(all.map(({ domain, column }) => [domain, columns[column]]));
  return {
    run: run.map(column => columns[column]),
    ...Object.fromEntries(Object.entries(single).map(([role, column]) => [role, columns[column as number]])),
    weights: named(weights),
    losses: named(losses),
    ...(long === undefined ? {} : { long: [columns[long.domain], columns[long.loss]] }),
  };
}

describe('columns are recognized', () => {
  test.each([
    [
      ['weight_web', 'weight_code'],
      ['web_loss', 'code_loss', 'train_loss'],
    ],
    [
      ['w_web', 'w_code'],
      ['loss_web', 'loss_code'],
    ],
    [
      ['mix_web', 'mix_code'],
      ['eval_web_loss', 'eval_code_loss', 'eval_loss'],
    ],
    [
      ['ratio/web', 'ratio/code'],
      ['val_loss/web', 'val_loss/code'],
    ],
    [
      ['proportions.web', 'proportions.code'],
      ['losses.web', 'losses.code'],
    ],
    [
      ['train_web', 'train_code'],
      ['metric/web_val_loss', 'metric/code_val_loss', 'train_loss'],
    ],
    [
      ['web_weight', 'code_weight'],
      ['eval/web/loss', 'eval/code/loss', 'eval/web/bpb'],
    ],
    [
      ['mixture.web', 'mixture.code'],
      ['eval/lm/web/CE loss', 'eval/lm/code/CE loss', 'train/CE loss'],
    ],
    [
      ['share_web', 'share_code'],
      ['metrics/eval/web/LanguageCrossEntropy', 'metrics/eval/code/LanguageCrossEntropy'],
    ],
    [
      ['weights/web', 'weights/code'],
      ['eval_web:log_perplexity', 'eval_code:log_perplexity'],
    ],
    [
      ['weights.web', 'weights.code'],
      ['web.nll_per_token', 'code.nll_per_token'],
    ],
    [
      ['weight_web', 'weight_code'],
      ['web_val_loss', 'code_val_loss', 'val_loss'],
    ],
  ])('%j with %j', (weights, losses) => {
    const roles = rolesOf(['run', 'step', ...weights, ...losses, 'lr']);
    expect(roles.run).toEqual(['run']);
    expect(roles).toMatchObject({ step: 'step' });
    expect(roles.weights).toEqual({ web: weights[0], code: weights[1] });
    expect(roles.losses).toEqual({ web: losses[0], code: losses[1] });
  });

  test('whatever the case of run, step, tokens, size, seed and replicate', () => {
    expect(rolesOf(['Run_ID', '_step', 'Tokens', 'model_size', 'SEED', 'rep'])).toMatchObject({
      run: ['Run_ID'],
      step: '_step',
      tokens: 'Tokens',
      size: 'model_size',
      seed: 'SEED',
      replicate: 'rep',
    });
  });

  test('as a long table by a column of domains and one of losses', () => {
    expect(rolesOf(['run', 'step', 'domain', 'loss', 'w_web', 'w_code'])).toMatchObject({ long: ['domain', 'loss'] });
    expect(rolesOf(['run', 'dataset', 'loss', 'web_loss', 'code_loss'])).not.toHaveProperty('long');
    expect(rolesOf(['run', 'set', 'ce', 'web_loss', 'code_loss'], { domain: 'set', loss: 'ce' })).toMatchObject({
      long: ['set', 'ce'],
      losses: {},
    });
  });

  test('as runs by index only where no volume makes rows of one run many', () => {
    expect(rolesOf(['index', 'w_web', 'w_code']).run).toEqual(['index']);
    expect(rolesOf(['index', 'step', 'w_web', 'w_code']).run).toEqual([]);
  });

  test('by the map first; a column has one role', () => {
    const roles = rolesOf(['name', 'variant', 'it', 'p1', 'p2', 'l1', 'web_loss', 'step'], {
      run: ['name', 'variant'],
      step: 'it',
      weights: { web: 'p1', code: 'p2' },
      losses: ['l1'],
    });
    expect(roles).toMatchObject({
      run: ['name', 'variant'],
      step: 'it',
      weights: { web: 'p1', code: 'p2' },
      losses: { l1: 'l1' },
    });
    expect(rolesOf(['a_x', 'b_x', 'c'], { weights: '*_x', losses: 'c' })).toMatchObject({
      weights: { a: 'a_x', b: 'b_x' },
      losses: { c: 'c' },
    });
  });

  test('not as shares when there is only one, or when they are losses', () => {
    expect(rolesOf(['weight_decay', 'web_loss']).weights).toEqual({});
    expect(rolesOf(['train_loss', 'train_web', 'web_loss', 'code_loss']).weights).toEqual({});
  });
});

describe('a map is refused', () => {
  test.each<[ColumnMap, string]>([
    [{ run: 'exp' }, 'missing column "exp"'],
    [{ run: ['run', 'exp'] }, 'missing column "exp"'],
    [{ weights: { web: 'p' } }, 'missing column "p"'],
    [{ losses: ['p'] }, 'missing column "p"'],
    [{ losses: 'p_*' }, 'missing columns "p_*"'],
    [{ seed: 'p' }, 'missing column "p"'],
  ])('%j names columns that no table has', (map, message) => {
    const tables = [['run', 'a'], ['b']];
    expect(() => requireColumns(map, tables)).toThrow(
      expect.objectContaining({ code: 'missing-column', message, hint: 'There are: run, a, b.' }),
    );
    expect(() => requireColumns({ run: 'run', seed: 'b', volume: 'steps' }, tables)).not.toThrow();
  });
});
