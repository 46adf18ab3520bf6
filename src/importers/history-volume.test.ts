import { expect, test } from 'vitest';
import { countOf, fileOf, imported } from '../../test/importing.ts';
import { wandb } from './wandb.ts';
import { wide } from './wide.ts';

const MIXTURES = fileOf('m.csv', ['run,web,code', 'a,0.8,0.2', 'b,0.5,0.5']);

async function volumesOf(lines: readonly string[], options = {}) {
  const { table, findings } = await imported(wandb, [fileOf('a.csv', lines), MIXTURES], options);
  return { unit: table.volumeUnit, volumes: Array.from(table.rowVolume), findings };
}

test('tokens logged with each loss come before _step, and the import says so', async () => {
  const { unit, volumes, findings } = await volumesOf([
    '_step,train/tokens,eval/web/loss',
    '10,4096000,3.5',
    '20,8192000,3.4',
  ]);
  expect([unit, ...volumes]).toEqual(['tokens', 4096000, 8192000]);
  expect(findings.find(({ code }) => code === 'tokens')?.message).toBe(
    'volume of 1 file is tokens, from "train/tokens"; steps are not read',
  );
});

test('tokens that grow evenly with the optimizer step are known between the rows that log them', async () => {
  const { unit, volumes, findings } = await volumesOf([
    '_step,train/global_step,train/tokens,eval/web/loss',
    '0,990,3960000,',
    '1,1000,,3.5',
    '2,1990,7960000,',
    '3,2000,,3.4',
  ]);
  expect([unit, ...volumes]).toEqual(['tokens', 4000000, 8000000]);
  expect(countOf(findings, 'tokens-by-steps')).toBe(1);
});

test('else the tokens of the row before count, of the same run', async () => {
  const { unit, volumes, findings } = await volumesOf([
    'run,_step,train/tokens,eval/web/loss',
    'a,0,4000000,',
    'b,0,3000000,',
    'a,1,,3.5',
    'b,1,,3.6',
    'a,2,8000000,',
    'a,3,,3.4',
  ]);
  expect([unit, ...volumes]).toEqual(['tokens', 4000000, 8000000, 3000000]);
  expect(countOf(findings, 'tokens-before')).toBe(1);
});

test('where a loss comes before any tokens, steps count', async () => {
  const { unit, volumes } = await volumesOf(['_step,train/tokens,eval/web/loss', '1,,3.5', '2,4000000,', '3,,3.4']);
  expect([unit, ...volumes]).toEqual(['steps', 1, 3]);
});

test('in a table with shares of its own, tokens come first and the column of steps is named as not read', async () => {
  const file = fileOf('runs.csv', [
    'Name,_step,train/tokens,mix.web,mix.code,eval/web/loss,eval/code/loss',
    'a,10,4096000,0.8,0.2,3.5,1.8',
  ]);
  const { table, findings } = await imported(wide, [file]);
  expect([table.volumeUnit, ...table.rowVolume]).toEqual(['tokens', 4096000]);
  expect(findings.find(({ code }) => code === 'ignored-columns')?.items).toEqual(['column "_step" of runs.csv']);
});

test.for([
  ['nested keys', '{"_step":1,"train":{"tokens":100},"val":{"web":{"loss":3},"code":{"loss":2}}}'],
  ['nested domains', '{"_step":1,"train":{"tokens":100},"eval_loss":{"web":3,"code":2}}'],
  ['dots', '{"_step":1,"train.tokens":100,"eval.web_loss":3,"eval.code_loss":2}'],
  [
    'metrics of Composer',
    '{"_step":1,"time/token":100,"metrics/eval/web/LanguageCrossEntropy":3,"metrics/eval/code/LanguageCrossEntropy":2,"metrics/train/LanguageCrossEntropy":9}',
  ],
  ['perplexities beside', '{"_step":1,"train/tokens":100,"val/web_loss":3,"val/web_ppl":20,"val/code_loss":2}'],
])('%s', async ([, line]) => {
  const { table } = await imported(wandb, [fileOf('a.jsonl', [line]), MIXTURES]);
  expect(table.evaluationDomains).toEqual(['web', 'code']);
  expect([table.volumeUnit, ...table.rowVolume, ...table.losses]).toEqual(['tokens', 100, 3, 2]);
});
