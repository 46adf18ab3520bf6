/** Tables as people keep them: spreadsheets, exports of pandas, one mixture a file. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunTable, rowCount } from '../observations/index.ts';
import { importRuns } from './import-runs.ts';
import type { ImportOptions } from './importer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bimix-field-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Imports files by name; `losses.csv` unless named. */
function read(files: string | Readonly<Record<string, string>>, options: ImportOptions = {}) {
  const named = typeof files === 'string' ? { 'losses.csv': files } : files;
  const paths = Object.entries(named).map(([name, content]) => {
    const at = path.join(folder, name);
    writeFileSync(at, content);
    return at;
  });
  return importRuns(paths, options);
}

/** What each run has at its last checkpoint. */
function lastOf(table: RunTable): Record<string, Record<string, number>> {
  const k = table.evaluationDomains.length;
  return Object.fromEntries(
    Array.from({ length: rowCount(table) }, (_, row) => [
      table.runs[table.rowRun[row]].name,
      Object.fromEntries(table.evaluationDomains.map((domain, i) => [domain, table.losses[row * k + i]])),
    ]),
  );
}

const EXPECTED = { a: { web: 3.5, code: 1.8 }, b: { web: 3.6, code: 1.7 } };

describe('columns with names that people make up', () => {
  test.each([
    ['weight web,weight code,loss web,loss code', 'weight web, weight code'],
    ['web %,code %,web val loss,code val loss', 'web val loss, code val loss'],
    ['w_web,w_code,web_ce,code_ce', 'web_ce, code_ce'],
    ['Web share,Code share,Web Loss,Code Loss', 'Web Loss, Code Loss'],
    ['share of web (%),share of code (%),Loss (web),Loss (code)', 'Loss (web), Loss (code)'],
    ['web_pct,code_pct,nll/web,nll/code', 'nll/web, nll/code'],
    ['weightWeb,weightCode,web.loss,code-loss', 'weightWeb, weightCode'],
    ['web,code,web_loss,code_loss', 'web, code'],
    ['frac_web,frac_code,val_ce_web,val_ce_code', 'val_ce_web, val_ce_code'],
  ])('%s', async (names, said) => {
    const isPercent = /%|pct/.test(names);
    const [one, two] = isPercent ? ['80,20', '50,50'] : ['0.8,0.2', '0.5,0.5'];
    const lines = [`Run,Step,${names}`, `a,1000,${one},3.5,1.8`, `b,1000,${two},3.6,1.7`];
    const { table, findings } = await read(lines.join('\n'));
    expect(table.trainingDomains.map(name => name.toLowerCase())).toEqual(['web', 'code']);
    expect(Array.from(table.ownDomain)).toEqual([0, 1]);
    expect(Array.from(table.mixtures)).toEqual([0.8, 0.2, 0.5, 0.5]);
    expect(Array.from(table.losses)).toEqual([3.5, 1.8, 3.6, 1.7]);
    expect(findings.find(({ code }) => code === 'columns-by-name')?.message).toContain(said);
  });

  test('metrics keep their units: bits per byte, accuracies as error rates', async () => {
    const { table } = await read(
      'run,step,w_web,w_code,web_bpb,code_bpb,hellaswag_acc,hellaswag_acc_norm\na,1,0.8,0.2,0.9,0.8,0.4,0.5\n',
    );
    expect(table.metrics).toEqual({
      web: 'bits per byte',
      code: 'bits per byte',
      hellaswag_acc: 'error rate',
      hellaswag_acc_norm: 'error rate',
    });
    expect(Array.from(table.losses)).toEqual([0.9, 0.8, 0.6, 0.5]);
    expect(Array.from(table.ownDomain)).toEqual([0, 1, -1, -1]);
  });

  test('metrics of training are no shares', async () => {
    const history = 'run,_step,train/loss,train/lr,eval/web/loss,eval/code/loss\na,1,3,0.1,3,2\n';
    await expect(read(history)).rejects.toMatchObject({ code: 'missing-mixtures' });
  });

  test('perplexities are read as losses only where the unit says so', async () => {
    const lines = 'run,step,w_web,w_code,web_ppl,code_ppl\na,1000,0.8,0.2,30,6\n';
    await expect(read(lines)).rejects.toMatchObject({
      code: 'unknown-format',
      hint: expect.stringContaining("--column 'losses=*_ppl' --unit perplexity"),
    });
    const { table } = await read(lines, { lossUnit: 'perplexity' });
    expect(lastOf(table)).toEqual({ a: { web: Math.log(30), code: Math.log(6) } });
  });

  test('that are not read are named', async () => {
    const { findings } = await read('run,step,w_web,w_code,web_loss,code_loss,lr,eval_loss\na,1,0.8,0.2,3,2,0.1,3\n');
    expect(findings.find(({ code }) => code === 'ignored-columns')?.message).toMatch(
      /2 columns .* not read: lr, eval_loss$/,
    );
  });
});

describe('model sizes', () => {
  const table = (column: string, sizes: readonly string[]) =>
    [
      `run,${column},step,w_web,w_code,web_loss,code_loss`,
      ...sizes.flatMap((size, i) => [`a,${size},1000,0.8,0.2,${4 - i},3`, `b,${size},1000,0.5,0.5,${3.9 - i},2.9`]),
    ].join('\n');

  test.each([
    ['model', ['60M', '150M', '1B']],
    ['Model', ['OLMo-60M', 'OLMo-150M', 'OLMo-1B']],
    ['model_size', ['60000000', '1.5e8', '1_000_000_000']],
    ['n_params', ['6e7', '150 M', '1.0B']],
    ['Params', ['60M', '150M', '1b']],
    ['parameters', ['60M', '150M', '1B']],
    ['N', ['60000000', '150000000', '1000000000']],
    ['size', ['pythia-60m-deduped', 'pythia-150m-deduped', 'pythia-1b-deduped']],
  ])('are recognized in a column %s of %j: one name at three sizes is three runs', async (column, sizes) => {
    const { table: runs } = await read(table(column, sizes));
    expect(runs.runs.map(({ name, size }) => `${name} ${size}`)).toEqual([
      'a 60000000',
      'a 150000000',
      'a 1000000000',
      'b 60000000',
      'b 150000000',
      'b 1000000000',
    ]);
  });

  test('that are none are refused where the column is called so, and left unread where it names a model', async () => {
    await expect(read(table('model_size', ['small']))).rejects.toMatchObject({
      code: 'invalid-size',
      hint: expect.stringContaining("--column 'run=run,model_size'"),
    });
    const { findings } = await read(table('model', ['llama']));
    expect(findings.find(({ code }) => code === 'ignored-columns')?.message).toMatch(/not read: model$/);
  });

  test('in columns not recognized stop the import, with the column and the command that reads it', async () => {
    const importing = read(table('arch', ['60M', '150M']));
    await expect(importing).rejects.toMatchObject({
      code: 'ambiguous-checkpoint',
      message: expect.stringMatching(/^ambiguous checkpoint: a at step 1000 has two values of "web", 4 at .*:2 and 3$/),
      hint: expect.stringMatching(
        /differ between them: arch\..*bimix import .*losses.csv --column size=arch -o runs.jsonl/,
      ),
    });
    await expect(read(table('lr', ['0.1', '0.2']))).rejects.toMatchObject({
      hint: expect.stringContaining('--column run=run,lr'),
    });
    const { table: runs } = await read(table('lr', ['0.1', '0.2']), { onContradiction: 'last' });
    expect(runs.runs).toHaveLength(2);
    const apart = await read(table('lr', ['0.1', '0.2']), { columns: { run: ['run', 'lr'] } });
    expect(apart.table.runs.map(({ name }) => name)).toEqual(['a-0.1', 'a-0.2', 'b-0.1', 'b-0.2']);
  });
});

describe('cells of spreadsheets', () => {
  test('with decimal commas, per cent, thousands and errors, after a separator line', async () => {
    const { table, findings } = await read(
      '\uFEFFsep=;\r\nrun;step;web %;code %;web loss;code loss;;\r\na;1.000;80,0%;20,0%;6,43;5,1;;\r\nb;1.000;50,0;50,0;6,5;#N/A;;\r\n;;;;;;;\r\n',
    );
    expect(Array.from(table.rowVolume)).toEqual([1000, 1000]);
    expect(Array.from(table.mixtures)).toEqual([0.8, 0.2, 0.5, 0.5]);
    expect(Array.from(table.losses)).toEqual([6.43, 5.1, 6.5, Number.NaN]);
    expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['percent-shares', 'missing-losses']));
  });

  test.each(['#N/A', 'NA', 'N/A', 'nan', 'NULL', 'None', '-', ''])('%j is a loss that was not measured', async cell => {
    const { table } = await read(`run,step,w_web,w_code,web_loss,code_loss\na,1,0.8,0.2,3.5,${cell}\n`);
    expect(Array.from(table.losses)).toEqual([3.5, Number.NaN]);
  });

  test('an empty share is named by run, column and line', async () => {
    await expect(
      read('run,step,w_web,w_code,web_loss,code_loss\na,1,0.8,0.2,3,2\nb,1,0.5,,3,2\n'),
    ).rejects.toMatchObject({
      code: 'missing-share',
      message: expect.stringMatching(/^missing share of "code" in run "b"/),
      where: { line: 3, column: 9 },
    });
  });

  test('two columns of one name are refused, naming both', async () => {
    await expect(read('run,step,w_a,w_b,a_loss,a_loss\nx,1,0.5,0.5,3,2\n')).rejects.toMatchObject({
      message: expect.stringMatching(/columns 5 and 6 are both called "a_loss"/),
    });
  });
});

describe('mixtures beside the losses', () => {
  const LOSSES = 'run,step,web_loss,code_loss\na,1000,3.5,1.8\nb,1000,3.6,1.7\n';

  test.each<[string, Record<string, string>]>([
    [
      'one YAML or JSON file a run',
      { 'a.yaml': 'web: 0.8\ncode: 0.2\n', 'b.json': '{"mixture": {"web": 0.5, "code": 0.5}}' },
    ],
    ['a table of plain names in per cent', { 'mixtures.csv': 'run,web,code\na,80,20\nb,50,50\n' }],
    ['names that pandas made numbers', { 'mixtures.csv': 'run,w_web,w_code\na,0.8,0.2\nb,0.5,0.5\n' }],
  ])('are joined by run from %s', async (_, files) => {
    const { table } = await read({ 'losses.csv': LOSSES, ...files });
    expect(lastOf(table)).toEqual(EXPECTED);
    expect(Array.from(table.mixtures)).toEqual([0.8, 0.2, 0.5, 0.5]);
  });

  test('are refused where no file is called like a run, with what both call them', async () => {
    const files = { 'losses.csv': LOSSES, 'x.yaml': 'web: 0.8\ncode: 0.2\n', 'y.yaml': 'web: 0.5\ncode: 0.5\n' };
    await expect(read(files)).rejects.toMatchObject({
      code: 'missing-runs',
      hint: expect.stringMatching(/the first here is run a at step 1000 \(line 2\), there run x\.$/),
    });
  });

  test('are joined where pandas made the runs numbers, with a note', async () => {
    const { table, findings } = await read({
      'eval.csv': LOSSES.replace('a,', '1.0,').replace('b,', '2.0,'),
      'mix.csv': 'run,w_web,w_code\n1,0.8,0.2\n2,0.5,0.5\n',
    });
    expect(table.runs.map(({ name }) => name)).toEqual(['1', '2']);
    expect(findings.find(({ code }) => code === 'float-run-ids')).toMatchObject({ kind: 'note', count: 1 });
  });
});

describe('a table that is not understood', () => {
  test('is refused with its columns, what was recognized and the nearest reading', async () => {
    await expect(
      read('run,it,pA,pB,crit.A,crit.B,lrate\nx,10,0.6,0.4,4,3,0.1\ny,10,0.2,0.8,4,3,0.2\n'),
    ).rejects.toMatchObject({
      code: 'unknown-format',
      message: expect.stringMatching(/no shares of tokens and no losses by domain recognized$/),
      hint: expect.stringMatching(
        /has: run, it, pA, pB, crit\.A, crit\.B, lrate\. Recognized: run: run\.\nMissing: .*\nNearest reading: bimix import .*losses\.csv --column 'weights=pA,pB' --column 'losses=crit\.\*' -o runs\.jsonl/,
      ),
    });
  });

  test('says where there is one loss over everything only', async () => {
    await expect(read('run,step,w_web,w_code,eval_loss\na,1000,.8,.2,3\n')).rejects.toMatchObject({
      hint: expect.stringMatching(/There is only "eval_loss": a law needs the loss of each domain\./),
    });
  });
});

describe('columns as people name them', () => {
  test('a domain keeps its brackets, and training tokens are a volume', async () => {
    const { table } = await read(
      'Run,Web %,Code (GitHub) %,Training tokens,Web val loss,Code (GitHub) val loss\na,60%,40%,"5,000,000",3.1,2.2\nb,30%,70%,"5,000,000",3.3,2.0\n',
    );
    expect(table.trainingDomains).toEqual(['Web', 'Code (GitHub)']);
    expect(table.evaluationDomains).toEqual(['Web', 'Code (GitHub)']);
    expect([table.volumeUnit, ...table.rowVolume]).toEqual(['tokens', 5e6, 5e6]);
  });

  test('a table of W&B runs has its mixtures in the configuration', async () => {
    const { table } = await read(
      'Name,State,data.mix.web,data.mix.code,_step,train/loss,eval/web/loss,eval/code/loss\nsun-1,finished,0.6,0.4,1000,2.8,3.1,2.2\nsun-2,finished,0.3,0.7,1000,2.7,3.3,2.0\n',
    );
    expect(table.runs.map(({ name }) => name)).toEqual(['sun-1', 'sun-2']);
    expect(Array.from(table.mixtures)).toEqual([0.6, 0.4, 0.3, 0.7]);
    expect(table.evaluationDomains).toEqual(['web', 'code']);
  });

  test('rows that a column "checkpoint" tells apart are steps of one run', async () => {
    const rows = ['a,1000,web,3.1,0.6,0.4', 'a,1000,code,2.2,0.6,0.4', 'a,2000,web,3.0,0.6,0.4'];
    await expect(
      read(['run,checkpoint,dataset,eval loss,web share,code share', ...rows].join('\n')),
    ).rejects.toMatchObject({ hint: expect.stringContaining('--column step=checkpoint') });
  });
});
