import { describe, expect, test } from 'vitest';
import { type AssembleOptions, assembleRuns } from './assemble.ts';
import type { Draft, DraftRow, Finding } from './draft.ts';

const provenance = { format: 'test', inputs: [], version: '0' };

/** Rows of run, volume and losses; the mixture of every run is the same unless said otherwise. */
function draftOf(rows: readonly Partial<DraftRow>[], changes: Partial<Draft> = {}): Draft {
  return {
    format: 'test',
    trainingDomains: ['web', 'code'],
    evaluationDomains: ['web', 'code'],
    volumeUnit: 'steps',
    lossUnit: 'nats',
    rows: rows.map((row, i) => ({
      run: 'a',
      mixture: [0.5, 0.5],
      volume: 1000,
      losses: [3, 2],
      where: { file: 'runs.csv', line: i + 2 },
      ...row,
    })),
    findings: [],
    ...changes,
  };
}

const assemble = (
  rows: readonly Partial<DraftRow>[],
  changes: Partial<Draft> = {},
  options: Partial<AssembleOptions> = {},
) => assembleRuns(draftOf(rows, changes), { provenance, ...options });

function find(findings: readonly Finding[], code: string): Finding | undefined {
  return findings.find(finding => finding.code === code);
}

describe('a table', () => {
  test('is sorted by run name as text, then size, then volume', () => {
    const { table } = assemble([
      { run: '10', volume: 2000 },
      { run: '9', volume: 1000 },
      { run: '10', size: 7e7, volume: 1000 },
      { run: '10', volume: 1000, losses: [4, 3] },
    ]);
    expect(table.runs).toEqual([{ name: '10' }, { name: '10', size: 7e7 }, { name: '9' }]);
    expect(Array.from(table.rowRun)).toEqual([0, 0, 1, 2]);
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000, 1000, 1000]);
    expect(Array.from(table.losses.subarray(0, 4))).toEqual([4, 3, 3, 2]);
  });

  test('keeps seed, replicate, tokens per step and provenance', () => {
    const { table } = assemble([{ seed: 0, replicate: 'x' }], { tokensPerStep: 1024 });
    expect(table.runs).toEqual([{ name: 'a', seed: 0, replicate: 'x' }]);
    expect(table).toMatchObject({ tokensPerStep: 1024, provenance });
  });

  test('begins its findings with those of the importer', () => {
    const own: Finding = { kind: 'note', code: 'own', message: 'mine', count: 1, items: ['one'] };
    expect(assemble([{}], { findings: [own] }).findings[0]).toBe(own);
  });

  test('has volume 1 throughout when no volume is known', () => {
    const { table } = assemble([{ run: 'a' }, { run: 'b' }], { volumeUnit: 'none' });
    expect(Array.from(table.rowVolume)).toEqual([1, 1]);
  });
});

describe('mixtures', () => {
  test('off by rounding are renormalized, counted by run, and the furthest sum is reported', () => {
    const { table, findings } = assemble([
      { run: 'a', mixture: [0.5, 0.496], volume: 1 },
      { run: 'a', mixture: [0.5, 0.496], volume: 2 },
      { run: 'b', mixture: [0.5, 0.501], volume: 1 },
      { run: 'c', mixture: [0.1 + 0.2, 0.7], volume: 1 },
    ]);
    expect(table.mixtures[0]).toBeCloseTo(0.5 / 0.996, 15);
    expect(table.mixtures[0] + table.mixtures[1]).toBeCloseTo(1, 15);
    expect(find(findings, 'renormalized')).toMatchObject({
      kind: 'repair',
      count: 2,
      message: '2 mixtures renormalized to sum to 1; the furthest summed to 0.996',
      items: ['a (runs.csv:2): summed to 0.996', 'b (runs.csv:4): summed to 1.001'],
    });
  });

  test('that sum to 1 but for the last bits are kept to the bit', () => {
    const { table } = assemble([{ mixture: [0.1 + 0.2, 0.7] }]);
    expect(Array.from(table.mixtures)).toEqual([0.1 + 0.2, 0.7]);
  });

  test.each([
    [0.9, /--sum-tolerance/],
    [1.3, /^A domain may be counted twice/],
  ])('that sum to %d are refused with run, file, line, sum and the way out', (sum, hint) => {
    expect(() => assemble([{}, { run: 'b', mixture: [sum / 2, sum / 2] }])).toThrow(
      expect.objectContaining({
        code: 'invalid-mixture',
        message: `invalid mixture "b": proportions sum to ${sum}, expected 1 within 0.01`,
        hint: expect.stringMatching(hint),
        where: { file: 'runs.csv', line: 3 },
      }),
    );
    expect(assemble([{ mixture: [sum / 2, sum / 2] }], {}, { sumTolerance: 0.31 }).table.mixtures[0]).toBeCloseTo(0.5);
  });

  test('are refused where they stand, when that is another file', () => {
    const mixtureWhere = { file: 'mixtures.csv', line: 9 };
    expect(() => assemble([{ mixture: [0.5, -0.1], mixtureWhere }])).toThrow(
      expect.objectContaining({
        message: 'invalid mixture "a": the share of "code" is -0.1, expected 0 to 1',
        where: mixtureWhere,
      }),
    );
  });

  test('with an empty cell have a share of 0 where the others sum to 1, and are refused else', () => {
    const { table, findings } = assemble([{ mixture: [1, Number.NaN] }, { run: 'b', mixture: [Number.NaN, 100] }]);
    expect(Array.from(table.mixtures)).toEqual([1, 0, 0, 1]);
    expect(find(findings, 'empty-shares')).toMatchObject({
      kind: 'repair',
      count: 2,
      items: ['a (runs.csv:2): code', 'b (runs.csv:3): web'],
    });
    const mixtureWhere = { file: 'mixtures.csv', line: 9, column: 7 };
    expect(() => assemble([{ mixture: [0.5, Number.NaN], mixtureWhere }])).toThrow(
      expect.objectContaining({
        code: 'missing-share',
        message: 'missing share of "code" in run "a": its cell is empty, and the other shares sum to 0.5',
        where: mixtureWhere,
      }),
    );
  });

  test('in per cent are divided by 100, and counted by run', () => {
    const { table, findings } = assemble([
      { mixture: [80, 20], volume: 1 },
      { mixture: [80, 20], volume: 2 },
      { run: 'b', mixture: [33.3, 66.6] },
    ]);
    expect(Array.from(table.mixtures.subarray(0, 2))).toEqual([0.8, 0.2]);
    expect(table.mixtures[2]).toBeCloseTo(1 / 3, 3);
    expect(find(findings, 'percent-shares')).toMatchObject({ kind: 'repair', count: 2 });
    expect(find(findings, 'renormalized')?.count).toBe(1);
    expect(() => assemble([{ mixture: [80, 30] }])).toThrow(/^invalid mixture "a": proportions sum to 110/);
  });

  test('of one run that differ are refused, naming both places', () => {
    expect(() => assemble([{ volume: 1 }, { volume: 2, mixture: [0.6, 0.4] }])).toThrow(
      expect.objectContaining({
        code: 'ambiguous-mixture',
        message: 'ambiguous mixture of run "a": the share of "web" is 0.6 here and 0.5 at runs.csv:2',
        where: { file: 'runs.csv', line: 3 },
      }),
    );
  });
});

describe('rows', () => {
  test('of one run with different seeds or replicates are refused', () => {
    expect(() => assemble([{ seed: 1 }, { seed: 2 }])).toThrow(
      /^ambiguous seed of run "a": 2 here and 1 at runs.csv:2/,
    );
    expect(() => assemble([{ replicate: 'x' }, {}])).toThrow(/^ambiguous replicate of run "a": none here and x/);
  });

  test.each([
    [{ volume: Number.NaN }, 'missing-volume', /^missing steps of run "a"/],
    [{ volume: -1 }, 'invalid-volume', /^invalid steps -1 of run "a"/],
    [{ volume: Number.POSITIVE_INFINITY }, 'invalid-volume', /^invalid steps Infinity/],
    [{ size: -7e7 }, 'invalid-size', /^invalid model size -70000000 of run "a"/],
    [{ losses: [3, -2] }, 'invalid-loss', /^invalid loss -2 of "code" in run "a": expected a loss above 0/],
    [{ losses: [0, 2] }, 'invalid-loss', /^invalid loss 0 of "web"/],
    [{ losses: [3, Number.POSITIVE_INFINITY] }, 'invalid-loss', /^invalid loss Infinity of "code"/],
    [{ losses: [5e-324, 2] }, 'invalid-loss', /^invalid loss 5e-324 of "web" in run "a": expected 1e-9 to 1000000/],
    [{ losses: [3, 1e308] }, 'invalid-loss', /^invalid loss 1e\+308 of "code"/],
    [
      { volume: 1e308 },
      'invalid-volume',
      /^invalid steps 1e\+308 of run "a": expected from 1e-9 to 1000000000000000000/,
    ],
    [{ size: 1e300 }, 'invalid-size', /^invalid model size 1e\+300 of run "a"/],
  ])('with %j are refused', (row, code, message) => {
    expect(() => assemble([{}, { run: 'a', volume: 2000, ...row }].slice('size' in row ? 1 : 0))).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(message),
        where: { file: 'runs.csv', line: 'size' in row ? 2 : 3 },
      }),
    );
  });

  test('without a volume in a table that has one are refused', () => {
    const { volume: _, ...row } = draftOf([{}]).rows[0];
    expect(() => assembleRuns({ ...draftOf([]), rows: [row] }, { provenance })).toThrow(/^missing steps of run "a"/);
  });

  test('at volume 0 are dropped and counted: the model is untrained', () => {
    const { table, findings } = assemble([{ volume: 0, losses: [10, 10] }, {}]);
    expect(table.rowRun).toHaveLength(1);
    expect(find(findings, 'untrained-checkpoint')).toMatchObject({
      kind: 'repair',
      count: 1,
      items: ['a (runs.csv:2)'],
    });
  });

  test('all at volume 0 are named so, and not as missing losses', () => {
    expect(() => assemble([{ volume: 0 }, { volume: 0 }, { volume: 0, losses: [Number.NaN, Number.NaN] }])).toThrow(
      expect.objectContaining({
        code: 'invalid-volume',
        message: 'invalid steps: 2 rows of 3 are at 0 steps, and the other 1 have no losses',
        hint: expect.stringContaining('--column step=COLUMN'),
      }),
    );
  });

  test('of runs that crashed, without volume and losses, are dropped and counted', () => {
    const nothing = { run: 'b', volume: Number.NaN, losses: [Number.NaN, Number.NaN] };
    const { table, findings } = assemble([{}, nothing]);
    expect(table.runs).toEqual([{ name: 'a' }]);
    expect(find(findings, 'no-losses')?.items).toEqual(['b (runs.csv:3)']);
  });

  test('without a single loss are dropped and counted; one missing loss is kept as missing', () => {
    const nothing = [Number.NaN, Number.NaN];
    const { table, findings } = assemble([
      { losses: nothing },
      { volume: 2000, losses: [Number.NaN, 2] },
      { run: 'b', losses: nothing },
    ]);
    expect(table.runs).toEqual([{ name: 'a' }]);
    expect(Array.from(table.losses)).toEqual([Number.NaN, 2]);
    expect(find(findings, 'no-losses')).toMatchObject({ count: 2, items: ['a (runs.csv:2)', 'b (runs.csv:4)'] });
    expect(find(findings, 'missing-losses')).toMatchObject({ kind: 'note', items: ['web: 1 of 1 checkpoint'] });
    expect(() => assemble([{ losses: nothing }])).toThrow(/^missing losses: none of 1 row has one/);
  });

  test('that differ in a run without volume are refused', () => {
    expect(() => assemble([{}, { losses: [3, 1] }], { volumeUnit: 'none' })).toThrow(
      expect.objectContaining({ code: 'missing-volume', where: { file: 'runs.csv', line: 3 } }),
    );
    expect(find(assemble([{}, {}], { volumeUnit: 'none' }).findings, 'merged-rows')?.count).toBe(1);
  });

  test('may count losses in another unit', () => {
    const { table } = assemble([{ losses: [Math.E ** 3, Math.E] }], { lossUnit: 'perplexity' });
    expect(table.losses[0]).toBeCloseTo(3, 14);
    expect(() => assemble([{ losses: [0.9, 2] }], { lossUnit: 'perplexity' })).toThrow(/expected a perplexity above 1/);
    expect(assemble([{ losses: [1, 2] }], { lossUnit: 'bpb' }, { bytesPerToken: 4 }).table.losses[0]).toBeCloseTo(
      4 * Math.LN2,
      14,
    );
  });
});

describe('checkpoints of one run', () => {
  test('written twice are merged, and fill the gaps of each other', () => {
    const { table, findings } = assemble([{ losses: [3, Number.NaN] }, { losses: [Number.NaN, 2] }, {}]);
    expect(Array.from(table.losses)).toEqual([3, 2]);
    expect(find(findings, 'merged-rows')).toMatchObject({
      kind: 'repair',
      count: 2,
      items: ['a at step 1000 (runs.csv:3)', 'a at step 1000 (runs.csv:4)'],
    });
    expect(find(findings, 'conflicting-losses')).toBeUndefined();
  });

  test('written twice with different losses stop the import where the draft or the user says so', () => {
    const explainContradiction = () => 'Read "lr".';
    const rows = [{}, { losses: [3.5, 2] }];
    expect(() => assemble(rows, { onContradiction: 'stop', explainContradiction })).toThrow(
      expect.objectContaining({
        code: 'ambiguous-checkpoint',
        message: 'ambiguous checkpoint: a at step 1000 has two values of "web", 3 at runs.csv:2 and 3.5',
        hint: 'Read "lr". If the later row corrects the earlier, pass --on-contradiction last.',
        where: { file: 'runs.csv', line: 3 },
      }),
    );
    expect(() => assemble(rows, {}, { onContradiction: 'stop' })).toThrow(/^ambiguous checkpoint/);
    expect(assemble(rows, { onContradiction: 'stop' }, { onContradiction: 'last' }).table.losses[0]).toBe(3.5);
    expect(assemble([{}, { losses: [3.0000001, 2] }], { onContradiction: 'stop' }).table.losses[0]).toBe(3.0000001);
  });

  test('written twice with different losses keep the last, and say so', () => {
    const { table, findings } = assemble([{}, { losses: [3.5, 2] }]);
    expect(Array.from(table.losses)).toEqual([3.5, 2]);
    expect(find(findings, 'conflicting-losses')).toMatchObject({
      kind: 'repair',
      count: 1,
      items: ['a at step 1000 (runs.csv:3): loss of web 3 replaced by 3.5'],
    });
  });

  test('that repeat the losses of the next, hardly later, are dropped: the earlier of the two', () => {
    const { table, findings } = assemble([{ volume: 10_000, losses: [4, 3] }, { volume: 19_990 }, { volume: 20_000 }]);
    expect(Array.from(table.rowVolume)).toEqual([10_000, 20_000]);
    expect(find(findings, 'repeated-checkpoint')).toMatchObject({
      kind: 'repair',
      count: 1,
      items: ['a: the checkpoint at 19990 steps, repeated at 20000'],
    });
  });

  test('are kept when they are further apart, differ in a loss, or belong to two runs', () => {
    const apart = assemble([{ volume: 19_900 }, { volume: 20_000 }]);
    expect(apart.table.rowRun).toHaveLength(2);
    const differ = assemble([{ volume: 19_990, losses: [3, 2.0001] }, { volume: 20_000 }]);
    expect(differ.table.rowRun).toHaveLength(2);
    const two = assemble([
      { run: 'a', volume: 19_990 },
      { run: 'b', volume: 20_000 },
    ]);
    expect(two.table.rowRun).toHaveLength(2);
  });
});

describe('domains', () => {
  test('are refused when one is there twice, has no name, or there is none', () => {
    expect(() => assemble([{}], { trainingDomains: ['web', 'web'] })).toThrow(/^invalid training domain "web"/);
    expect(() => assemble([{}], { evaluationDomains: ['web', ''] })).toThrow(/^invalid evaluation domain ""/);
    expect(() => assemble([{}], { evaluationDomains: [] })).toThrow(/^missing evaluation domains/);
  });

  test('are mapped by name, by the draft, and last by the user', () => {
    const changes = { evaluationDomains: ['Web', 'code'], mapping: { code: 'web' } };
    expect(Array.from(assemble([{}], changes).table.ownDomain)).toEqual([0, 0]);
    const { table } = assemble([{}], changes, { mapping: { Web: null, code: 'code' } });
    expect(Array.from(table.ownDomain)).toEqual([-1, 1]);
  });
});
