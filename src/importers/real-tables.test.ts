import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { haveShared, sharedPath } from '../../test/shared-data.ts';
import { BimixError } from '../errors/index.ts';
import { type InputFile, readInputFile } from '../files/index.ts';
import {
  assembleRuns,
  type Draft,
  defaultTargets,
  type Finding,
  lossAt,
  type RunTable,
  rowCount,
  selectRows,
} from '../observations/index.ts';
import type { Importer, ImportOptions } from './importer.ts';
import { mixinglaws } from './mixinglaws.ts';
import { regmix } from './regmix.ts';
import { slimpajama } from './slimpajama.ts';

const SLIMPAJAMA = 'data/slimpajama/dmsl_llm_slimpajama.csv';
const REGMIX = ['data/regmix/train_mixture_1m.csv', 'data/regmix/train_pile_loss_1m.csv'];
const FIVE_MIX = ['data/mixinglaws/5Mix/70M.txt.gz', 'data/mixinglaws/5Mix/160M.txt.gz'];
const RED_PAJAMA = ['data/mixinglaws/RedPajama/70M.txt.gz', 'data/mixinglaws/RedPajama/160M.txt.gz'];
const WEIGHTS = 'data/mixinglaws/valid_weight.json';
const REFERENCE = 'reference/laws-golden.json';

interface Imported {
  readonly draft: Draft;
  readonly table: RunTable;
  readonly findings: readonly Finding[];
}

async function importFiles(
  importer: Importer,
  files: readonly string[],
  options: ImportOptions = {},
): Promise<Imported> {
  const inputs: InputFile[] = await Promise.all(files.map(file => readInputFile(sharedPath(file))));
  expect(await importer.detect(inputs)).toMatchObject({ confidence: 'certain' });
  const draft = await importer.read(inputs, options);
  const provenance = { format: importer.name, inputs: [], version: '0' };
  return { draft, ...assembleRuns(draft, { ...options, provenance }) };
}

function rowsWhere(table: RunTable, keep: (row: number) => boolean): RunTable {
  return selectRows(
    table,
    Array.from({ length: rowCount(table) }, (_, row) => row).filter(row => keep(row)),
  );
}

function isComplete(table: RunTable, row: number): boolean {
  return defaultTargets(table).every(target => !Number.isNaN(lossAt(table, row, target)));
}

function count(findings: readonly Finding[], code: string): number {
  return findings.filter(finding => finding.code === code).reduce((sum, finding) => sum + finding.count, 0);
}

describe.skipIf(!haveShared('the SlimPajama table', SLIMPAJAMA))('the SlimPajama table', () => {
  let imported: Imported;
  beforeAll(async () => {
    imported = await importFiles(slimpajama, [SLIMPAJAMA]);
  });

  test('has 160 runs of three sizes, and openhermes as an evaluation domain without a training domain', () => {
    const { table } = imported;
    expect(table.runs).toHaveLength(160);
    expect([...new Set(table.runs.map(({ size }) => size))].sort()).toEqual([122e6, 310e6, 680e6]);
    expect(table.volumeUnit).toBe('tokens');
    expect(table.ownDomain[table.evaluationDomains.indexOf('openhermes')]).toBe(-1);
    expect(defaultTargets(table).map(target => table.evaluationDomains[target])).toEqual(table.trainingDomains);
  });

  test('gives the last checkpoint of every run once: none repeats the losses of the one before', () => {
    const { draft, table, findings } = imported;
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
    expect(count(findings, 'repeated-checkpoint')).toBe(160);
    const last = table.rowVolume.filter((_, row) => table.rowRun[row] !== table.rowRun[row + 1]);
    expect(new Set(last)).toEqual(new Set([20e9, 25.92e9]));
  });

  test('keeps its 16 empty cells as missing losses', () => {
    expect(imported.table.losses.filter(Number.isNaN)).toHaveLength(16);
  });
});

describe.skipIf(!haveShared('the RegMix pair', ...REGMIX))('the RegMix pair', () => {
  test('has 512 runs without a volume, 303 of them renormalised, in either order of the files', async () => {
    const { draft, table, findings } = await importFiles(regmix, REGMIX);
    expect(table.runs).toHaveLength(512);
    expect(table.volumeUnit).toBe('none');
    expect([table.trainingDomains.length, table.evaluationDomains.length]).toEqual([17, 13]);
    expect(defaultTargets(table)).toHaveLength(13);
    expect(count(findings, 'renormalised')).toBe(303);
    expect(count(findings, 'unmatched-runs')).toBe(0);
    const { draft: swapped } = await importFiles(regmix, [...REGMIX].reverse());
    expect(swapped).toEqual(draft);
  });
});

describe.skipIf(!haveShared('mixinglaws 5Mix', ...FIVE_MIX, WEIGHTS))('mixinglaws 5Mix', () => {
  test('has 26 runs of each size, five merged targets, and says which checkpoints are incomplete', async () => {
    const { table, findings } = await importFiles(mixinglaws, FIVE_MIX);
    expect(table.runs).toHaveLength(52);
    expect(table.evaluationDomains).toEqual(['academic', 'prose', 'dialogue', 'symbolic', 'internet']);
    expect(count(findings, 'incomplete-group')).toBe(5);
    expect(count(findings, 'no-losses')).toBe(5);
  });

  test('merges by the published weights what it merges by valid_weight.json', async () => {
    const { table } = await importFiles(mixinglaws, FIVE_MIX);
    const { table: weighted } = await importFiles(mixinglaws, [...FIVE_MIX, WEIGHTS]);
    weighted.losses.forEach((loss, i) => {
      expect(loss).toBeCloseTo(table.losses[i], 12);
    });
  });

  test('keeps the 22 sub-domains when the domains are listed', async () => {
    const domains = ['academic', 'prose', 'dialogue', 'symbolic', 'internet'];
    const { table } = await importFiles(mixinglaws, FIVE_MIX, { domains });
    expect(table.trainingDomains).toEqual(domains);
    expect(table.evaluationDomains).toHaveLength(22);
    expect(defaultTargets(table)).toEqual([]);
  });
});

describe.skipIf(!haveShared('mixinglaws RedPajama', ...RED_PAJAMA))('mixinglaws RedPajama', () => {
  test('refuses RP_999, whose shares sum to 1.0199, with a hint that takes it', async () => {
    const refusal: unknown = await importFiles(mixinglaws, RED_PAJAMA).catch(error => error);
    if (!(refusal instanceof BimixError)) throw new Error('it was taken');
    expect(refusal).toMatchObject({ code: 'invalid-mixture', where: { file: sharedPath(RED_PAJAMA[0]) } });
    expect(refusal.message).toMatch(/^invalid mixture "RP_999": proportions sum to 1\.0199/);
    const hinted = /--sum-tolerance (\S+)/.exec(refusal.hint)?.[1];
    const { table } = await importFiles(mixinglaws, RED_PAJAMA, { sumTolerance: Number(hinted) });
    expect(table.runs.some(({ name }) => name === 'RP_999')).toBe(true);
  });

  test('maps six Pile sub-domains to training domains and keeps the other 16 without one', async () => {
    const { table, findings } = await importFiles(mixinglaws, RED_PAJAMA, { sumTolerance: 0.03 });
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
    expect(count(findings, 'duplicate-lines')).toBe(86);
    expect(count(findings, 'renormalised')).toBe(2);
  });
});

const REFERENCE_SETS: Record<
  string,
  { importer: Importer; files: string[]; size?: number; tolerance?: number; fromStep?: number }
> = {
  '5Mix-70M': { importer: mixinglaws, files: [FIVE_MIX[0]], fromStep: 6000 },
  '5Mix-160M': { importer: mixinglaws, files: [FIVE_MIX[1]], fromStep: 6000 },
  'RedPajama-70M': { importer: mixinglaws, files: [RED_PAJAMA[0]], tolerance: 0.03 },
  'RedPajama-160M': { importer: mixinglaws, files: [RED_PAJAMA[1]], tolerance: 0.03 },
  'dmsl-122M': { importer: slimpajama, files: [SLIMPAJAMA], size: 122e6 },
  'dmsl-310M': { importer: slimpajama, files: [SLIMPAJAMA], size: 310e6 },
  'dmsl-680M': { importer: slimpajama, files: [SLIMPAJAMA], size: 680e6 },
  'regmix-train-1m': { importer: regmix, files: REGMIX },
};

interface ReferenceSet {
  readonly held_out_runs: readonly string[];
  readonly rows_train: number;
  readonly rows_test: number;
  readonly domains: readonly string[];
  readonly targets: readonly string[];
  readonly example_ces_fixed_lambda: {
    readonly run: string;
    readonly r: number[];
    readonly s: number;
    readonly observed: Record<string, number>;
  };
}

describe.skipIf(!haveShared('the reference split', REFERENCE, SLIMPAJAMA, ...REGMIX, ...FIVE_MIX, ...RED_PAJAMA))(
  'runs, names and rows are those of the reference split',
  () => {
    test.for(Object.entries(REFERENCE_SETS))('%s', async ([name, { importer, files, size, tolerance, fromStep }]) => {
      const reference: ReferenceSet = JSON.parse(readFileSync(sharedPath(REFERENCE), 'utf8')).datasets[name];
      const options = tolerance === undefined ? {} : { sumTolerance: tolerance };
      const { table: all } = await importFiles(importer, files, options);
      const table = rowsWhere(all, row => {
        const run = all.runs[all.rowRun[row]];
        return (
          (size === undefined || run.size === size) && all.rowVolume[row] >= (fromStep ?? 0) && isComplete(all, row)
        );
      });
      const names = table.runs.map(run => run.name);
      expect(names).toEqual([...new Set(names)].sort());
      const heldOut = names.filter((_, position) => position % 4 === 3);
      expect(heldOut).toEqual(reference.held_out_runs);
      const testRows = rowCount(rowsWhere(table, row => heldOut.includes(names[table.rowRun[row]])));
      expect([rowCount(table) - testRows, testRows]).toEqual([reference.rows_train, reference.rows_test]);

      expect(table.trainingDomains).toEqual(reference.domains);
      expect(defaultTargets(table).map(i => table.evaluationDomains[i])).toEqual(reference.targets);
      const { run, r, s, observed } = reference.example_ces_fixed_lambda;
      const row = Array.from(table.rowRun).findIndex((index, at) => names[index] === run && table.rowVolume[at] === s);
      const m = r.length;
      Array.from(table.mixtures.slice(table.rowRun[row] * m, (table.rowRun[row] + 1) * m)).forEach((share, j) => {
        expect(share).toBeCloseTo(r[j], 14);
      });
      for (const [domain, loss] of Object.entries(observed)) {
        expect(lossAt(table, row, table.evaluationDomains.indexOf(domain))).toBeCloseTo(loss, 12);
      }
    });
  },
);
