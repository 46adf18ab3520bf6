import { describe, expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported } from '../../test/importing.ts';
import { sampledGaps } from './history-gaps.ts';
import { wandb } from './wandb.ts';

const MIXTURES = fileOf('sweep/mixtures.csv', ['run,weight_web,weight_code', 'small-1,0.8,0.2', 'small-2,0.5,0.5']);

const HEADER = '_step,_runtime,_timestamp,train/loss,train/lr,train/global_step,eval/web/loss,eval/code/loss,eval/loss';
/** A history of a run that evaluates at these steps of the optimizer; `_step` counts every second of them. */
const history = (steps: readonly number[], shift = 0): string[] => [
  HEADER,
  ...steps.flatMap((step, i) => [
    `${2 * i},${i},17000000,3.1,0.001,${step - 1},,,`,
    `${2 * i + 1},${i},17000000,,,${step},${4 + shift - 0.1 * i},${3 + shift - 0.1 * i},3.5`,
  ]),
];

describe('the W&B importer', () => {
  test('reads a history a file, named like the file or a folder above it', async () => {
    const files = [
      fileOf('logs/small-1.csv', history([1000, 2000])),
      fileOf('logs/small-2/files/history.csv', history([1000, 2000], 1)),
    ];
    expect(await wandb.detect([...files, MIXTURES])).toMatchObject({ confidence: 'certain' });
    const { table, findings } = await imported(wandb, [...files, MIXTURES]);
    expect(table.runs.map(({ name }) => name)).toEqual(['small-1', 'small-2']);
    expect(table.trainingDomains).toEqual(['web', 'code']);
    expect(table.evaluationDomains).toEqual(['web', 'code']);
    expect(Array.from(table.mixtures)).toEqual([0.8, 0.2, 0.5, 0.5]);
    expect(table.volumeUnit).toBe('steps');
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000, 1000, 2000]);
    expect(Array.from(table.losses)).toEqual([4, 3, 3.9, 2.9, 5, 4, 4.9, 3.9]);
    expect(findings.filter(({ kind }) => kind !== 'note')).toEqual([]);
  });

  test('reads several runs of one file by a column with their names, as JSON lines too', async () => {
    const lines = ['small-1', 'small-2'].flatMap((Name, shift) =>
      [100, 200].map(_step =>
        JSON.stringify({ _step, _timestamp: 17, Name, 'eval/web/loss': 4 + shift, 'eval/code/loss': null }),
      ),
    );
    const { table, findings } = await imported(wandb, [fileOf('all.jsonl', lines), MIXTURES]);
    expect(table.runs.map(({ name }) => name)).toEqual(['small-1', 'small-2']);
    expect(table.evaluationDomains).toEqual(['web']);
    expect(countOf(findings, 'log-steps')).toBe(1);
    expect(countOf(findings, 'repeated-checkpoint')).toBe(0);
  });

  test('counts tokens where each evaluation says them', async () => {
    const lines = [
      '{"_step":1,"throughput/total_tokens":1000,"eval/web/loss":4,"eval/code/loss":3}',
      '{"_step":2,"throughput/total_tokens":2000,"eval/web/loss":3,"eval/code/loss":2}',
    ];
    const { table } = await imported(wandb, [fileOf('small-1.jsonl', lines), MIXTURES]);
    expect(table.volumeUnit).toBe('tokens');
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000]);
  });

  test('reads exported charts, one metric a file, and says that their points are means', async () => {
    const chart = (metric: string, loss: number, most = loss): string[] => {
      const names = ['small-1', 'small-2'].flatMap(run =>
        ['', '__MIN', '__MAX'].map(end => `"${run} - ${metric}${end}"`),
      );
      return [
        `"Step",${names.join()}`,
        `"100","${loss}","${loss}","${most}","","",""`,
        `"200",2.5,2.5,2.5,3.5,3.5,3.5`,
      ];
    };
    const files = [fileOf('a.csv', chart('eval/web/loss', 4)), fileOf('b.csv', chart('eval/code/loss', 3, 3.2))];
    expect(await wandb.detect([...files, MIXTURES])).toMatchObject({ confidence: 'certain' });
    const { table, findings } = await imported(wandb, [...files, MIXTURES]);
    expect(table.evaluationDomains).toEqual(['web', 'code']);
    expect(Array.from(table.rowVolume)).toEqual([100, 200, 200]);
    expect(Array.from(table.losses)).toEqual([4, 3, 2.5, 2.5, 3.5, 3.5]);
    expect(countOf(findings, 'sampled-history')).toBe(1);
  });

  test('says that a history looks sampled, and nothing of even and geometric ones', async () => {
    const findingsOf = async (steps: readonly number[]) =>
      (await imported(wandb, [fileOf('small-1.csv', history(steps)), MIXTURES])).findings;
    const thin = await findingsOf([1000, 2000, 4000, 5000, 8000, 9000, 10000]);
    expect(countOf(thin, 'sampled-history')).toBe(1);
    expect(thin.find(({ code }) => code === 'sampled-history')?.items).toEqual([
      '"small-1" or "small-1.csv", web: gaps of 1000 to 3000 steps, all multiples of 1000',
    ]);
    expect(countOf(await findingsOf([1, 1000, 2000, 3000, 4000, 4321]), 'sampled-history')).toBe(0);
    expect(countOf(await findingsOf([1, 2, 4, 8, 16, 32, 64]), 'sampled-history')).toBe(0);
    expect(sampledGaps([0, 700, 2000, 2900, 4100, 5000])).toBe('gaps of 900 to 1300 steps, not regular');
    expect(sampledGaps([1, 2, 4, 5])).toBeUndefined();
  });

  test('keeps the last of two losses at one step, as a resumed run logs them, and counts them', async () => {
    const lines = [...history([1000, 2000, 3000]), ...history([2000, 3000, 4000], 1).slice(1)];
    const { table, findings } = await imported(wandb, [fileOf('small-1.csv', lines), MIXTURES]);
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000, 3000, 4000]);
    expect(Array.from(table.losses)).toEqual([4, 3, 5, 4, 4.9, 3.9, 4.8, 3.8]);
    expect(countOf(findings, 'conflicting-losses')).toBe(4);
  });

  test('takes NaN that the run ends with as a run that broke, and NaN between numbers as an empty cell', async () => {
    const rows = ['1,4,NaN', '2,NaN,3', '3,3.8,2.9', '4,NaN,inf'];
    const lines = ['_step,eval/web/loss,eval/code/loss', ...rows];
    const { table, findings } = await imported(wandb, [fileOf('small-1.csv', lines), MIXTURES]);
    expect(countOf(findings, 'broken-losses')).toBe(2);
    expect(countOf(findings, 'no-losses')).toBe(1);
    expect(Array.from(table.losses)).toEqual([4, Number.NaN, Number.NaN, 3, 3.8, 2.9]);
  });

  test('reads metrics of other names as a column map says, with the step in another column', async () => {
    const lines = ['exp,iteration,val/web/ce,val/code/ce,web_acc', 'small-1,10,4,3,0.25'];
    const columns = { run: 'exp', step: 'iteration', losses: 'val/*/ce', accuracy: { web_acc: 'web_acc' } };
    const { table } = await imported(wandb, [fileOf('h.csv', lines), MIXTURES], { columns });
    expect(table.evaluationDomains).toEqual(['web', 'code', 'web_acc']);
    expect(table.metrics).toEqual({ web_acc: 'error rate' });
    expect(Array.from(table.losses)).toEqual([4, 3, 0.75]);
  });

  test('takes columns called like the domains as shares where the mixtures have no others, and their sizes', async () => {
    const mixtures = fileOf('mixtures.csv', ['run,size,web,code', 'small-1,122M,0.75,0.25']);
    const { table } = await imported(wandb, [fileOf('small-1.csv', history([10])), mixtures]);
    expect(table.runs).toEqual([{ name: 'small-1', size: 122e6 }]);
    expect(Array.from(table.mixtures)).toEqual([0.75, 0.25]);
  });

  test('leaves tables with shares of their own, or one row a loss, to other formats', async () => {
    expect(await wandb.detect([fileOf('t.csv', ['_step,weight_web,eval/web/loss', '1,1,3'])])).toBe(false);
    expect(await wandb.detect([fileOf('t.csv', ['run,_step,domain,loss', 'a,1,web,3']), MIXTURES])).toBe(false);
    expect(await wandb.detect([MIXTURES])).toBe(false);
    expect(await wandb.detect([fileOf('small-1.csv', history([10]))], { columns: {} })).toBe(false);
  });

  test('says which runs have no mixture and which mixtures no losses', async () => {
    const files = ['small-1', 'other'].map(name => fileOf(`${name}.csv`, history([10])));
    const { findings } = await imported(wandb, [...files, MIXTURES]);
    expect(countOf(findings, 'unmatched-losses')).toBe(1);
    expect(countOf(findings, 'unmatched-mixtures')).toBe(1);
  });
});

describe('the W&B importer refuses', () => {
  test('a history without mixtures, saying how to give them', async () => {
    const refusal = { code: 'missing-mixtures', message: /small-1.csv does not say what its run was trained on/ };
    await expectRefusal(wandb, [fileOf('small-1.csv', history([10]))], refusal);
  });

  test('mixtures of other runs', async () => {
    const refusal = { code: 'missing-runs', message: /no mixture is given for "big" or "big.csv"/ };
    await expectRefusal(wandb, [fileOf('big.csv', history([10])), MIXTURES], refusal);
  });

  test('one loss over everything', async () => {
    const file = fileOf('small-1.csv', ['_step,train/loss,eval/loss', '1,3,3']);
    const refusal = { code: 'missing-domains', message: /it has only "train\/loss", "eval\/loss"/ };
    await expectRefusal(wandb, [file, MIXTURES], refusal);
  });

  test('a history without a single loss, a line that is cut and text for a loss', async () => {
    await expectRefusal(wandb, [fileOf('small-1.csv', history([10]).slice(0, 2)), MIXTURES], {
      code: 'missing-losses',
      message: /no row of small-1.csv has one/,
    });
    await expectRefusal(wandb, [fileOf('small-1.jsonl', '{"_step":1,"eval/web/loss":3}\n{"_step":2,"ev'), MIXTURES], {
      code: 'invalid-json',
      message: /ends too early/,
      where: { file: 'small-1.jsonl', line: 2 },
    });
    await expectRefusal(wandb, [fileOf('small-1.csv', ['_step,eval/web/loss', '1,low']), MIXTURES], {
      code: 'invalid-number',
      message: /"low" in column "eval\/web\/loss"/,
      where: { line: 2, column: 3 },
    });
  });

  test('a run with two rows of mixtures, and tables of mixtures of different domains', async () => {
    const log = fileOf('small-1.csv', history([10]));
    const twice = fileOf('m.csv', ['run,weight_web,weight_code', 'small-1,1,0', 'small-1,0,1']);
    await expectRefusal(wandb, [log, twice], {
      code: 'ambiguous-run',
      message: /"small-1".*m.csv:2/,
      where: { line: 3 },
    });
    const other = fileOf('n.csv', ['run,weight_web,weight_books', 'small-3,1,0']);
    await expectRefusal(wandb, [log, MIXTURES, other], { code: 'ambiguous-domains', message: /"books"/ });
    const nameless = fileOf('m.csv', ['weight_web,weight_code', '1,0']);
    await expectRefusal(wandb, [log, nameless], { code: 'missing-column', message: /name of the run in m.csv/ });
  });
});
