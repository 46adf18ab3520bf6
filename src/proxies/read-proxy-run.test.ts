import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { smallRun } from '../../test/proxy-text.ts';
import { defaultTraining, evaluationGrid, MODEL_SIZES } from './default-training.ts';
import { checkProxyRun, readProxyRun } from './read-proxy-run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bimix-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const domains = ['prose', 'code', 'sums'].map(name => ({
  name,
  train: [`${name}.jsonl`],
  validation: [`${name}-v.jsonl`],
}));
const run = smallRun(domains);

function readText(text: string) {
  const file = path.join(folder, 'run.json');
  writeFileSync(file, text);
  return readProxyRun(file);
}

test('a run file is read with its files beside it', async () => {
  const read = await readText(JSON.stringify(run));
  expect(read).toEqual({
    ...run,
    domains: domains.map(({ name }) => ({
      name,
      train: [path.join(folder, `${name}.jsonl`)],
      validation: [path.join(folder, `${name}-v.jsonl`)],
    })),
  });
});

test('text that is not JSON is refused with the file', async () => {
  await expect(readText('{')).rejects.toMatchObject({ code: 'invalid-run', where: { file: expect.any(String) } });
});

test.each([
  ['a key that is unknown', { ...run, learning_rate: 1 }, /learning_rate/],
  ['a share that is negative', { ...run, weights: { prose: 1.5, code: -0.5 } }, /weights.code/],
  ['tokens that are no whole number', { ...run, tokens: 10.5 }, /tokens/],
  ['a domain that is there twice', { ...run, domains: [...domains, domains[0]] }, /"prose" is listed twice/],
  ['heads that do not divide the width', { ...run, model: { ...run.model, heads: 3 } }, /width of 16.*3 heads/],
  ['evaluations that end early', { ...run, evaluation: { at: [128], tokens: 512 } }, /last evaluation is at 128/],
  ['evaluations that fall', { ...run, evaluation: { at: [256, 128, 7680], tokens: 512 } }, /do not ascend/],
  ['tokens available of nobody', { ...run, tokensAvailable: { web: 5 } }, /"web"/],
  ['a share without files', { ...run, domains: domains.toSpliced(0, 1, { ...domains[0], train: [] }) }, /no training/],
])('%s is refused', (_, value, message) => {
  expect(() => checkProxyRun(value)).toThrow(message);
});

test('shares that do not sum to one or name no domain are refused', () => {
  expect(() => checkProxyRun({ ...run, weights: { prose: 0.5 } })).toThrow(/proportions sum to 0.5/);
  expect(() => checkProxyRun({ ...run, weights: { prose: 0.5, cod: 0.5 } })).toThrow(/unknown domain "cod"/);
});

test.each(MODEL_SIZES)('the settings of %s are those of a run', size => {
  const { model, ...settings } = defaultTraining(size);
  expect(checkProxyRun({ ...run, ...settings, model }).model).toEqual(model);
  expect(settings.learningRate.schedule).toBe('constant');
});

test('an unknown size is refused with the nearest', () => {
  expect(() => defaultTraining('2M')).toThrow(/unknown size of model "2M"/);
});

test('points of evaluation ascend to the end, geometric or regular', () => {
  expect(evaluationGrid(3_600_000, 3)).toEqual([600_000, 1_469_694, 3_600_000]);
  expect(evaluationGrid(1000, 4, 'regular')).toEqual([250, 500, 750, 1000]);
  expect(evaluationGrid(1000, 1)).toEqual([1000]);
  expect(evaluationGrid(3, 8)).toEqual([1, 2, 3]);
});
