import { describe, expect, test } from 'vitest';
import { fileOf } from '../../test/importing.ts';
import { readRunLog } from './run-log.ts';

describe('the log of a run', () => {
  test('is read from JSON lines, among lines of training metrics', async () => {
    const log = await readRunLog(
      fileOf('run.jsonl', [
        '{"step": 10, "train/loss": 4.1, "train/lr": 0.001, "train/grad_norm": 0.5}',
        '{"step": 100, "loss/web": 3.5, "loss/code": 2.1}',
        '{"step": 200, "loss/web": 3.2, "loss/code": null}',
      ]),
    );
    expect(log).toEqual({
      entries: [
        { steps: 100, losses: { web: 3.5, code: 2.1 } },
        { steps: 200, losses: { web: 3.2 } },
      ],
    });
  });

  test('keeps what breaks: NaN and infinite losses, not those that were not measured', async () => {
    const json = await readRunLog(
      fileOf('run.jsonl', ['{"step": 1, "loss/web": NaN, "loss/code": "NaN"}', '{"step": 2, "loss/web": Infinity}']),
    );
    expect(json.entries).toEqual([
      { steps: 1, losses: { web: Number.POSITIVE_INFINITY, code: Number.NaN } },
      { steps: 2, losses: { web: Number.POSITIVE_INFINITY } },
    ]);
    const csv = await readRunLog(fileOf('run.csv', ['tokens,web_loss,code_loss', '1e9,nan,', '2e9,3.1,2']));
    expect(csv.entries).toEqual([
      { tokens: 1e9, losses: { web: Number.NaN } },
      { tokens: 2e9, losses: { web: 3.1, code: 2 } },
    ]);
  });

  test('is read from a long table', async () => {
    const log = await readRunLog(fileOf('run.csv', ['step,domain,loss', '5,web,3.5', '5,code,2.5']));
    expect(log.entries).toEqual([
      { steps: 5, losses: { web: 3.5 } },
      { steps: 5, losses: { code: 2.5 } },
    ]);
  });

  const HEADER =
    '{"kind":"bimix-runs","schemaVersion":1,"trainingDomains":["web","code"],"evaluationDomains":["web"],"volume":{"unit":"steps","tokensPerStep":500},"loss":"nats per token","share":"tokens"}';
  const record = (run: string, volume: number, loss: string): string =>
    `{"run":"${run}","mixture":{"web":0.75,"code":0.25},"volume":${volume},"losses":{"web":${loss}}}`;

  test('may be a runs.jsonl, which says the mixture and the tokens in a step', async () => {
    const log = await readRunLog(fileOf('runs.jsonl', [HEADER, record('a', 10, '3.5'), record('a', 20, 'NaN')]));
    expect(log).toEqual({
      entries: [
        { steps: 10, losses: { web: 3.5 } },
        { steps: 20, losses: { web: Number.POSITIVE_INFINITY } },
      ],
      mixture: { web: 0.75, code: 0.25 },
      tokensPerStep: 500,
    });
  });

  test('of several runs is that of the one named', async () => {
    const file = fileOf('runs.jsonl', [HEADER, record('a', 10, '3.5'), record('b', 10, '3.6')]);
    expect((await readRunLog(file, { run: 'b' })).entries).toEqual([{ steps: 10, losses: { web: 3.6 } }]);
    await expect(readRunLog(file)).rejects.toMatchObject({ code: 'ambiguous-run', hint: 'Pass --run a.' });
    await expect(readRunLog(file, { run: 'c' })).rejects.toMatchObject({ code: 'unknown-run' });
  });

  test('of one name at several model sizes is that of the size asked for', async () => {
    const sized = (size: number, loss: string): string =>
      record('a', 10, loss).replace('"run"', `"size":${size},"run"`);
    const file = fileOf('runs.jsonl', [HEADER, sized(122e6, '3.5'), sized(310e6, '3.1')]);
    expect((await readRunLog(file, { size: 310e6 })).entries).toEqual([{ steps: 10, losses: { web: 3.1 } }]);
    for (const options of [{}, { size: 1e9 }]) {
      await expect(readRunLog(file, options)).rejects.toMatchObject({
        code: 'ambiguous-run',
        message: expect.stringContaining('122M, 310M'),
      });
    }
    const table = fileOf('runs.csv', ['step,params,web_loss,code_loss', '5,122M,3.5,2.5', '5,310M,3.1,2.1']);
    expect((await readRunLog(table, { size: 122e6 })).entries).toEqual([{ steps: 5, losses: { web: 3.5, code: 2.5 } }]);
  });

  test('takes columns and shares by the names it is told', async () => {
    const file = fileOf('run.csv', ['it,w_web,w_code,web_ce,code_ce', '7,0.5,0.5,3,2']);
    const columns = { step: 'it', weights: 'w_*', losses: '*_ce' };
    expect(await readRunLog(file, { columns })).toEqual({
      entries: [{ steps: 7, losses: { web: 3, code: 2 } }],
      mixture: { web: 0.5, code: 0.5 },
    });
    await expect(readRunLog(file, { columns: { step: 'iteration' } })).rejects.toMatchObject({
      code: 'missing-column',
    });
  });

  test.each([
    ['weight_web,weight_code', '0.25,0.75', { pattern: 'weight_*', shares: { web: 0.25, code: 0.75 } }],
    ['web_share,code_share', '0.25,0.75', { pattern: '*_share', shares: { web: 0.25, code: 0.75 } }],
    ['train/web,train/code', '3.5,2.5', undefined],
    ['train/name,train/note', 'first,second', undefined],
  ])('does not guess its mixture: of columns %s with %s it says what they look like', async (names, values, looks) => {
    const log = await readRunLog(fileOf('run.csv', [`step,${names},web_loss,code_loss`, `7,${values},3,2`]));
    expect(log.mixture).toBeUndefined();
    expect(log.unnamedMixture).toEqual(looks);
    expect(log.entries).toEqual([{ steps: 7, losses: { web: 3, code: 2 } }]);
  });

  test.each([
    ['nothing', ''],
    ['a header of a table', 'step,loss/web\n'],
    ['a header of runs', `${HEADER}\n`],
    ['training metrics only', '{"step": 10, "train/loss": 4.1}\n'],
  ])('has no checkpoints yet when it holds %s', async (_, text) => {
    expect(await readRunLog(fileOf('run.log', text))).toEqual({ entries: [] });
  });

  test('that is damaged is refused with the line', async () => {
    const damaged = readRunLog(fileOf('run.jsonl', ['{"step": 1, "loss/web": 3}', '{"step": 2, "loss']));
    await expect(damaged).rejects.toMatchObject({ code: 'invalid-json', where: { file: 'run.jsonl', line: 2 } });
  });
});
