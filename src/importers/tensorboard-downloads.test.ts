import { expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported } from '../../test/importing.ts';
import { tensorboard } from './tensorboard.ts';

const MIXTURES = fileOf('m.csv', ['run,web,code', 'small-1,0.8,0.2', 'small_2,0.5,0.5']);

const csv = (...rows: string[]): string[] => ['Wall time,Step,Value', ...rows];

async function losses(files: Record<string, readonly string[] | string>) {
  const all = [...Object.entries(files).map(([name, content]) => fileOf(name, content)), MIXTURES];
  expect(tensorboard.detect(all)).toMatchObject({ confidence: 'certain' });
  const { table, findings } = await imported(tensorboard, all);
  const rows = Array.from(table.rowVolume, (volume, row) => [
    table.runs[table.rowRun[row]].name,
    volume,
    table.losses[row],
  ]);
  return { table, rows, findings };
}

test.for([
  ['a run in a folder', 'run-sweep_small-1_eval-tag-eval_web_loss.csv', 'small-1'],
  ['a run with an underscore', 'run-exp_small_2-tag-eval_web_loss.csv', 'small_2'],
  ['the run of the log folder itself', 'small-1/run-.-tag-eval_web_loss.csv', 'small-1'],
  ['a second download', 'run-small-1-tag-eval_web_loss (1).csv', 'small-1'],
  ['a renamed file', 'small-1/eval_web_loss.csv', 'small-1'],
  ['tags of Composer', 'run-small-1-tag-metrics_eval_web_LanguageCrossEntropy.csv', 'small-1'],
  ['tags of OLMo', 'run-small-1-tag-eval_lm_web_CE loss.csv', 'small-1'],
  ['tags of Megatron-LM', 'run-small-1-tag-lm loss validation-web.csv', 'small-1'],
])('%s', async ([, name, run]) => {
  const { table, rows } = await losses({ [name]: csv('1.7e9,10,3.5', '1.8e9,20,3.25') });
  expect(table.evaluationDomains).toEqual(['web']);
  expect(rows).toEqual([
    [run, 10, 3.5],
    [run, 20, 3.25],
  ]);
});

test('JSON as TensorBoard writes it, with NaN as text', async () => {
  const { rows, findings } = await losses({
    'run-small-1-tag-eval_web_loss.json': '[[1.7e9, 10, 3.5], [1.8e9, 20, "NaN"], [1.9e9, 30, 3]]',
  });
  expect(rows).toEqual([
    ['small-1', 10, 3.5],
    ['small-1', 30, 3],
  ]);
  expect(countOf(findings, 'broken-losses')).toBe(1);
});

test('a tag that counts tokens gives the volume, at other steps too where tokens grow evenly', async () => {
  const { table, findings } = await losses({
    'run-small-1-tag-eval_web_loss.csv': csv('1,10,3.5', '2,20,3.25'),
    'run-small-1-tag-train_tokens.csv': csv('1,8,800', '2,16,1600', '3,24,2400'),
  });
  expect([table.volumeUnit, ...table.rowVolume]).toEqual(['tokens', 1000, 2000]);
  expect(countOf(findings, 'tokens')).toBe(1);
});

test('one loss over everything, and JSON of another shape, are refused', async () => {
  await expectRefusal(tensorboard, [fileOf('run-small-1-tag-eval_loss.csv', csv('1,10,3.5')), MIXTURES], {
    code: 'missing-domains',
    message: /only "eval_loss"/,
  });
  await expectRefusal(tensorboard, [fileOf('run-small-1-tag-eval_web_loss.json', '[[1, 2]]'), MIXTURES], {
    code: 'invalid-log',
    message: /expected a list/,
  });
});
