import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { countOf } from '../../test/importing.ts';
import { haveShared, sharedPath } from '../../test/shared-data.ts';
import { BimixError } from '../errors/index.ts';
import { readInputFile } from '../files/index.ts';
import {
  defaultTargets,
  lossAt,
  mixtureOfRun,
  parseWhere,
  type RunTable,
  selectWhere,
  splitRuns,
} from '../observations/index.ts';
import { type ImportedRuns, importRuns } from './import-runs.ts';
import type { ImportOptions } from './importer.ts';
import { slimpajama } from './slimpajama.ts';

const SLIMPAJAMA = 'data/slimpajama/dmsl_llm_slimpajama.csv';
const REGMIX = ['data/regmix/train_mixture_1m.csv', 'data/regmix/train_pile_loss_1m.csv'];
const FIVE_MIX = ['data/mixinglaws/5Mix/70M.txt.gz', 'data/mixinglaws/5Mix/160M.txt.gz'];
const RED_PAJAMA = ['data/mixinglaws/RedPajama/70M.txt.gz', 'data/mixinglaws/RedPajama/160M.txt.gz'];
const WEIGHTS = 'data/mixinglaws/valid_weight.json';
const REFERENCE = 'reference/laws-golden.json';

function importShared(files: readonly string[], options: ImportOptions = {}): Promise<ImportedRuns> {
  return importRuns(files.map(sharedPath), options);
}

describe.skipIf(!haveShared('the SlimPajama table', SLIMPAJAMA))('the SlimPajama table', () => {
  let imported: ImportedRuns;
  beforeAll(async () => {
    imported = await importShared([SLIMPAJAMA]);
  });

  test('has 160 runs of three sizes, and openhermes as an evaluation domain without a training domain', () => {
    const { table } = imported;
    expect(table.runs).toHaveLength(160);
    expect([...new Set(table.runs.map(({ size }) => size))].sort()).toEqual([122e6, 310e6, 680e6]);
    expect(table.volumeUnit).toBe('tokens');
    expect(table.ownDomain[table.evaluationDomains.indexOf('openhermes')]).toBe(-1);
    expect(defaultTargets(table).map(target => table.evaluationDomains[target])).toEqual(table.trainingDomains);
  });

  test('gives the last checkpoint of every run once: none repeats the losses of the one before', async () => {
    const { table, findings } = imported;
    const draft = await slimpajama.read([await readInputFile(sharedPath(SLIMPAJAMA))], {});
    const repeats = (losses: (row: number) => ArrayLike<number>, runs: ArrayLike<unknown>) => {
      let pairs = 0;
      for (let row = 1; row < runs.length; row++) {
        if (runs[row] !== runs[row - 1]) continue;
        const [a, b] = [Array.from(losses(row - 1)), Array.from(losses(row))];
        if (a.every((loss, i) => Object.is(loss, b[i]))) pairs++;
      }
      return pairs;
    };
    const inFile = repeats(
      row => draft.rows[row].losses,
      draft.rows.map(({ run, size }) => `${run} ${size}`),
    );
    expect(inFile).toBe(160);
    expect(repeats(row => table.evaluationDomains.map((_, i) => lossAt(table, row, i)), table.rowRun)).toBe(0);
    expect(countOf(findings, 'repeated-checkpoint')).toBe(160);
    const last = table.rowVolume.filter((_, row) => table.rowRun[row] !== table.rowRun[row + 1]);
    expect(new Set(last)).toEqual(new Set([20e9, 25.92e9]));
  });

  test('keeps its 16 empty cells as missing losses', () => {
    expect(imported.table.losses.filter(Number.isNaN)).toHaveLength(16);
  });
});

describe.skipIf(!haveShared('the RegMix pair', ...REGMIX))('the RegMix pair', () => {
  test('has 512 runs without a volume, 303 of them renormalized, in either order of the files', async () => {
    const { format, table, findings } = await importShared(REGMIX);
    expect(format).toBe('regmix');
    expect(table.runs).toHaveLength(512);
    expect(table.volumeUnit).toBe('none');
    expect([table.trainingDomains.length, table.evaluationDomains.length]).toEqual([17, 13]);
    expect(defaultTargets(table)).toHaveLength(13);
    expect(countOf(findings, 'renormalized')).toBe(303);
    expect(countOf(findings, 'unmatched-runs')).toBe(0);
    const { table: swapped } = await importShared([...REGMIX].reverse());
    expect({ ...swapped, provenance: table.provenance }).toEqual(table);
  });
});

describe.skipIf(!haveShared('mixinglaws 5Mix', ...FIVE_MIX, WEIGHTS))('mixinglaws 5Mix', () => {
  test('has 26 runs of each size, five merged targets, and says which checkpoints are incomplete', async () => {
    const { table, findings } = await importShared(FIVE_MIX);
    expect(table.runs).toHaveLength(52);
    expect(table.evaluationDomains).toEqual(['academic', 'prose', 'dialogue', 'symbolic', 'internet']);
    expect(countOf(findings, 'incomplete-group')).toBe(5);
    expect(countOf(findings, 'no-losses')).toBe(5);
  });

  test('merges by the published weights what it merges by valid_weight.json', async () => {
    const { table } = await importShared(FIVE_MIX);
    const { table: weighted } = await importShared([...FIVE_MIX, WEIGHTS]);
    weighted.losses.forEach((loss, i) => {
      expect(loss).toBeCloseTo(table.losses[i], 12);
    });
  });

  test('keeps the 22 sub-domains when the domains are listed', async () => {
    const domains = ['academic', 'prose', 'dialogue', 'symbolic', 'internet'];
    const { table } = await importShared(FIVE_MIX, { domains });
    expect(table.trainingDomains).toEqual(domains);
    expect(table.evaluationDomains).toHaveLength(22);
    expect(defaultTargets(table)).toHaveLength(22);
  });
});

describe.skipIf(!haveShared('mixinglaws RedPajama', ...RED_PAJAMA))('mixinglaws RedPajama', () => {
  test('refuses RP_999, whose shares sum to 1.0199, with a hint that takes it', async () => {
    const refusal: unknown = await importShared(RED_PAJAMA).catch(error => error);
    if (!(refusal instanceof BimixError)) throw new Error('it was taken');
    expect(refusal).toMatchObject({ code: 'invalid-mixture', where: { file: sharedPath(RED_PAJAMA[0]) } });
    expect(refusal.message).toMatch(/^invalid mixture "RP_999": proportions sum to 1\.0199/);
    const hinted = /--sum-tolerance (\S+)/.exec(refusal.hint)?.[1];
    const { table } = await importShared(RED_PAJAMA, { sumTolerance: Number(hinted) });
    expect(table.runs.some(({ name }) => name === 'RP_999')).toBe(true);
  });

  test('maps six Pile sub-domains to training domains and keeps the other 16 without one', async () => {
    const { table, findings } = await importShared(RED_PAJAMA, { sumTolerance: 0.03 });
    expect(table.runs).toHaveLength(42 + 21);
    expect(table.evaluationDomains).toHaveLength(22);
    expect(defaultTargets(table).map(i => table.evaluationDomains[i])).toEqual([
      'cc',
      'github',
      'arxiv',
      'books',
      'se',
      'wiki',
    ]);
    expect(table.evaluationDomains.slice(6, 8)).toEqual(['BookCorpus2', 'DM_Mathematics']);
    expect(countOf(findings, 'duplicate-lines')).toBe(86);
    expect(countOf(findings, 'renormalized')).toBe(2);
  });
});

interface ReferenceSet {
  readonly held_out_runs: readonly string[];
  readonly rows_train: number;
  readonly rows_test: number;
  readonly domains: readonly string[];
  readonly targets: readonly string[];
  readonly example_ces_fixed_lambda: {
    readonly run: string;
    readonly r: readonly number[];
    readonly s: number;
    readonly observed: Readonly<Record<string, number>>;
  };
}

const REFERENCE_SETS: Record<string, { files: string[]; format: string; where?: string; options?: ImportOptions }> = {
  '5Mix-70M': { files: [FIVE_MIX[0]], format: 'mixinglaws', where: 'step>=6000' },
  '5Mix-160M': { files: [FIVE_MIX[1]], format: 'mixinglaws', where: 'step>=6000' },
  'RedPajama-70M': { files: [RED_PAJAMA[0]], format: 'mixinglaws', options: { sumTolerance: 0.03 } },
  'RedPajama-160M': { files: [RED_PAJAMA[1]], format: 'mixinglaws', options: { sumTolerance: 0.03 } },
  'dmsl-122M': { files: [SLIMPAJAMA], format: 'slimpajama', where: 'size=122M and complete' },
  'dmsl-310M': { files: [SLIMPAJAMA], format: 'slimpajama', where: 'size=310M and complete' },
  'dmsl-680M': { files: [SLIMPAJAMA], format: 'slimpajama', where: 'size=680M and complete' },
  'regmix-train-1m': { files: REGMIX, format: 'regmix' },
};

function rowOf(table: RunTable, run: string, volume: number): number {
  return Array.from(table.rowRun).findIndex((index, row) => {
    return table.runs[index].name === run && table.rowVolume[row] === volume;
  });
}

describe.skipIf(!haveShared('the reference split', REFERENCE, SLIMPAJAMA, ...REGMIX, ...FIVE_MIX, ...RED_PAJAMA))(
  'runs, names, targets and every:4 are those of the reference split',
  () => {
    test.for(Object.entries(REFERENCE_SETS))('%s', async ([name, { files, format, where, options }]) => {
      const reference: ReferenceSet = JSON.parse(readFileSync(sharedPath(REFERENCE), 'utf8')).datasets[name];
      const imported = await importShared(files, options);
      expect(imported.format).toBe(format);
      const table = where === undefined ? imported.table : selectWhere(imported.table, parseWhere(where));
      const [{ train, test: heldOut }] = splitRuns(table, 'every:4', 0).folds;
      expect([train.length, heldOut.length]).toEqual([reference.rows_train, reference.rows_test]);
      const heldOutRuns = new Set(Array.from(heldOut, row => table.runs[table.rowRun[row]].name));
      expect([...heldOutRuns].sort()).toEqual(reference.held_out_runs);

      expect(table.trainingDomains).toEqual(reference.domains);
      expect(defaultTargets(table).map(i => table.evaluationDomains[i])).toEqual(reference.targets);
      const { run, r, s, observed } = reference.example_ces_fixed_lambda;
      const row = rowOf(table, run, s);
      mixtureOfRun(table, table.rowRun[row]).forEach((share, j) => {
        expect(share).toBeCloseTo(r[j], 14);
      });
      for (const [domain, loss] of Object.entries(observed)) {
        expect(lossAt(table, row, table.evaluationDomains.indexOf(domain))).toBeCloseTo(loss, 12);
      }
    });
  },
);
