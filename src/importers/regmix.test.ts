import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported, type Refusal } from '../../test/importing.ts';
import { regmix } from './regmix.ts';

const MIXTURE = [
  'index,train_the_pile_arxiv,train_the_pile_github,train_the_pile_europarl',
  '1,0.2,0.5,0.3',
  '2,0.0,0.601,0.4',
  '10,0.7,0.3,0.0',
];
const LOSS = [
  'index,metric/the_pile_github_val_loss,metric/the_pile_arxiv_val_loss',
  '10,2.1,3.5',
  '1,1.9,3.9',
  '2,1.8,4.2',
];
type Content = readonly string[] | string | Uint8Array;
const pair = (mixture: Content = MIXTURE, loss: Content = LOSS) => [
  fileOf('train_mixture.csv', mixture),
  fileOf('train_pile_loss.csv', loss),
];

describe('the RegMix importer', () => {
  test('recognizes the pair, and neither file alone', async () => {
    expect(await regmix.detect(pair())).toMatchObject({ confidence: 'certain' });
    expect(await regmix.detect(pair().reverse())).toMatchObject({ confidence: 'certain' });
    expect(await regmix.detect(pair().slice(1))).toBe(false);
    expect(await regmix.detect(pair(), { columns: { run: 'index' } })).toBe(false);
    expect(await regmix.detect(pair(MIXTURE, MIXTURE))).toBe(false);
    expect(await regmix.detect(pair(MIXTURE, new Uint8Array([0, 1])))).toBe(false);
  });

  test('joins by index, not by row, and keeps the columns of each file in their order', async () => {
    const { table } = await imported(regmix, pair());
    expect(table.runs).toEqual([{ name: '0001' }, { name: '0002' }, { name: '0010' }]);
    expect(table.trainingDomains).toEqual(['arxiv', 'github', 'europarl']);
    expect(table.evaluationDomains).toEqual(['github', 'arxiv']);
    expect(Array.from(table.ownDomain)).toEqual([1, 0]);
    expect(Array.from(table.mixtures.slice(0, 3))).toEqual([0.2, 0.5, 0.3]);
    expect(Array.from(table.losses)).toEqual([1.9, 3.9, 1.8, 4.2, 2.1, 3.5]);
    expect(table.volumeUnit).toBe('none');
  });

  test('renormalizes rounded rows and counts them', async () => {
    const { table, findings } = await imported(regmix, pair());
    expect(countOf(findings, 'renormalized')).toBe(1);
    expect(table.mixtures[4]).toBe(0.601 / 1.001);
  });

  test('reads the files in either order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(LOSS.slice(1), { minLength: 3 }), fc.boolean(), async (rows, swap) => {
        const files = pair(MIXTURE, [LOSS[0], ...rows]);
        const { table } = await imported(regmix, swap ? files.reverse() : files);
        expect(table).toEqual((await imported(regmix, pair())).table);
      }),
      { seed: 3, numRuns: 12 },
    );
  });

  test('drops and lists runs that only one file has', async () => {
    const { table, findings } = await imported(regmix, pair([...MIXTURE, '11,1,0,0'], [...LOSS, '12,2,3']));
    expect(table.runs).toHaveLength(3);
    expect(findings.find(({ code }) => code === 'unmatched-runs')).toMatchObject({
      kind: 'repair',
      count: 2,
      items: [
        'run "0012" has losses (train_pile_loss.csv:5) and no mixture',
        'run "0011" has a mixture (train_mixture.csv:5) and no losses',
      ],
    });
  });

  test('says which columns it did not read', async () => {
    const extra = LOSS.map((line, i) => `${line},${i === 0 ? 'metric/train_loss' : '2.5'}`);
    const { table, findings } = await imported(regmix, pair(MIXTURE, extra));
    expect(table.evaluationDomains).toEqual(['github', 'arxiv']);
    expect(countOf(findings, 'ignored-columns')).toBe(1);
  });

  test('takes domains that are not of the Pile by their own names', async () => {
    const bare = (lines: readonly string[]) => lines.map(line => line.replaceAll('the_pile_', ''));
    expect((await imported(regmix, pair(bare(MIXTURE), bare(LOSS)))).table).toEqual(
      (await imported(regmix, pair())).table,
    );
  });

  test('reads a byte order mark and CRLF as if they were not there', async () => {
    const windows = (lines: readonly string[]) => `\uFEFF${lines.join('\r\n')}\r\n`;
    const { table } = await imported(regmix, pair(windows(MIXTURE), windows(LOSS)));
    expect(table).toEqual((await imported(regmix, pair())).table);
  });
});

const BROKEN: Record<string, Refusal & { mixture?: Content; loss?: Content }> = {
  'an empty file of mixtures': {
    mixture: '',
    code: 'invalid-table',
    message: /empty/,
    where: { file: 'train_mixture.csv' },
  },
  'an empty file of losses': {
    loss: '',
    code: 'invalid-table',
    message: /empty/,
    where: { file: 'train_pile_loss.csv' },
  },
  'losses with a header alone': { loss: [LOSS[0]], code: 'invalid-table', message: /no rows/ },
  'two files of mixtures': { loss: MIXTURE, code: 'missing-column', message: /metric\/<domain>_val_loss/ },
  'two files of losses': { mixture: LOSS, code: 'missing-column', message: /train_<domain>/ },
  'mixtures without an index': {
    mixture: ['run,train_the_pile_arxiv', '1,1'],
    code: 'missing-column',
    message: /"index"/,
    where: { file: 'train_mixture.csv', line: 1 },
  },
  'an index that is not whole': {
    mixture: [...MIXTURE, '1.5,0.2,0.5,0.3'],
    code: 'invalid-index',
    message: /1.5/,
    where: { file: 'train_mixture.csv', line: 5, column: 1 },
  },
  'an index that is missing': { loss: [...LOSS, ',1,2'], code: 'invalid-index', message: /NaN/, where: { line: 5 } },
  'an index with two mixtures': {
    mixture: [...MIXTURE, '2,0.2,0.5,0.3'],
    code: 'ambiguous-run',
    message: /"0002".*train_mixture.csv:3/,
    where: { file: 'train_mixture.csv', line: 5 },
  },
  'an index with two losses': {
    loss: [...LOSS, '2,1.7,4.2'],
    code: 'missing-volume',
    message: /run "0002" has 2 rows that differ/,
    where: { file: 'train_pile_loss.csv', line: 5 },
  },
  'no index in common': {
    loss: [LOSS[0], '101,1,2', '102,1,2'],
    code: 'missing-runs',
    message: /no run of train_mixture.csv is in train_pile_loss.csv/,
    where: { file: 'train_pile_loss.csv', line: 2 },
  },
  'a column twice': {
    mixture: [MIXTURE[0].replace('github', 'arxiv'), ...MIXTURE.slice(1)],
    code: 'invalid-table',
    message: /both called "train_the_pile_arxiv"/,
  },
  'one domain under two names': {
    mixture: [MIXTURE[0].replace('the_pile_github', 'arxiv'), ...MIXTURE.slice(1)],
    code: 'invalid-domain',
    message: /"arxiv": it is listed twice/,
  },
  'text in a share': {
    mixture: [...MIXTURE, '3,0.2,half,0.3'],
    code: 'invalid-number',
    message: /"half" in column "train_the_pile_github"/,
    where: { file: 'train_mixture.csv', line: 5, column: 7 },
    loss: [...LOSS, '3,1,2'],
  },
  'text in a loss': {
    loss: [LOSS[0], '1,abc,3'],
    code: 'invalid-number',
    message: /"abc"/,
    where: { file: 'train_pile_loss.csv', line: 2, column: 3 },
  },
  'shares that sum to 0.9': {
    mixture: ['index,train_a,train_b', '1,0.5,0.4'],
    code: 'invalid-mixture',
    message: /"0001": proportions sum to 0.9/,
    where: { file: 'train_mixture.csv', line: 2 },
  },
  'shares that sum to 1.3': {
    mixture: ['index,train_a,train_b', '1,0.5,0.8'],
    code: 'invalid-mixture',
    message: /sum to 1.3/,
    where: { file: 'train_mixture.csv', line: 2 },
  },
  'a share that is missing': {
    mixture: ['index,train_a,train_b', '1,0.9,'],
    code: 'missing-share',
    message: /share of "b" in run "0001"/,
    where: { file: 'train_mixture.csv', line: 2 },
  },
  'only missing losses': { loss: [LOSS[0], '1,NaN,'], code: 'missing-losses', message: /none of 1 row/ },
  'a negative loss': { loss: [LOSS[0], '1,2,-3'], code: 'invalid-loss', message: /-3 of "arxiv"/, where: { line: 2 } },
  'a row cut short': {
    loss: [...LOSS, '3,1.'],
    code: 'invalid-table',
    message: /a row has 2 columns/,
    where: { line: 5 },
  },
  'a huge line': {
    loss: [...LOSS, '9'.repeat(2_000_000)],
    code: 'invalid-table',
    message: /longer than/,
    where: { line: 5 },
  },
  'binary data': { loss: new Uint8Array([0x69, 0, 0xff]), code: 'invalid-text', message: /binary/, where: { byte: 1 } },
};

describe('the RegMix importer refuses', () => {
  test.for(Object.entries(BROKEN))('%s', async ([, { mixture, loss, ...refusal }]) => {
    await expectRefusal(regmix, pair(mixture, loss), refusal);
    await expectRefusal(regmix, pair(mixture, loss).reverse(), { ...refusal, message: /./ });
  });

  test('one file, and three', async () => {
    const message = /expected one table of mixtures and one of losses|missing columns/;
    await expectRefusal(regmix, pair().slice(1), { code: 'missing-column', message });
    await expectRefusal(regmix, [...pair(), ...pair()], { code: 'invalid-pair', message });
  });
});
