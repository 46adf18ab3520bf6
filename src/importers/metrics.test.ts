import { describe, expect, test } from 'vitest';
import { expectRefusal, fileOf, imported, type Refusal } from '../../test/importing.ts';
import { assembleRuns, formatRuns } from '../observations/index.ts';
import { bimixRuns } from './bimix-runs.ts';
import { parseColumnFlags } from './column-map.ts';
import type { ImportOptions } from './importer.ts';
import { long } from './long.ts';
import { wide } from './wide.ts';

const WIDE = [
  'run,tokens,weight_web,weight_code,web_loss,code_loss,code_acc,arc_acc,arc_bpb',
  'a,1000,0.6,0.4,4.1,3.2,0.25,0.5,0.81',
  'b,1000,0.2,0.8,4.4,2.9,0.375,,0.79',
];
const columns = (...flags: string[]): ImportOptions => ({ columns: parseColumnFlags(flags) });
const read = (options: ImportOptions) => imported(wide, [fileOf('t.csv', WIDE)], options);

describe('columns of metrics', () => {
  test('are kept as error rates and bits per byte, whatever the unit of the losses', async () => {
    const options = columns('losses=*_loss', 'error=code_acc', 'bpb=arc_bpb');
    const draft = await wide.read([fileOf('t.csv', WIDE)], options);
    const provenance = { format: 'wide', inputs: [], version: '0' };
    const { table, findings } = assembleRuns({ ...draft, lossUnit: 'bits' }, { provenance });
    expect(table.evaluationDomains).toEqual(['web', 'code', 'code_acc', 'arc_bpb']);
    expect(table.metrics).toEqual({ code_acc: 'error rate', arc_bpb: 'bits per byte' });
    expect(Array.from(table.losses.subarray(0, 4))).toEqual([4.1 * Math.LN2, 3.2 * Math.LN2, 0.25, 0.81]);
    expect(findings.find(({ code }) => code === 'ignored-columns')?.items).toEqual(['column "arc_acc" of t.csv']);
  });

  test('with accuracies become 1 - accuracy, missing ones stay missing', async () => {
    const { table } = await read(columns('accuracy=arc_acc'));
    expect(table.evaluationDomains).toEqual(['web', 'code', 'arc_acc']);
    expect(Array.from(table.losses)).toEqual([4.1, 3.2, 0.5, 4.4, 2.9, Number.NaN]);
  });

  test('in per cent without its sign are read as such where all are above 1, and that is said', async () => {
    const lines = [
      'run,weight_web,weight_code,web_loss,code_loss,mmlu_acc,arc_acc',
      'a,0.6,0.4,4.1,3.2,46.3,0.5',
      'b,0.2,0.8,4.4,2.9,0,55',
    ];
    const { table, findings } = await imported(wide, [fileOf('t.csv', lines)], {});
    // arc_acc mixes both scales: it stays unread, and is named.
    expect(table.evaluationDomains).toEqual(['web', 'code', 'mmlu']);
    expect(table.losses[2]).toBeCloseTo(1 - 0.463, 12);
    expect(table.losses[5]).toBe(1);
    expect(findings.find(({ code }) => code === 'rates-in-percent')?.message).toBe(
      '1 column of t.csv read as per cent, since all values are above 1: mmlu_acc',
    );
    expect(findings.find(({ code }) => code === 'ignored-columns')?.items).toEqual(['column "arc_acc" of t.csv']);
  });

  test('have no training domain, even of the same name, unless the user says so', async () => {
    const map = { losses: { 'web text': 'web_loss' }, accuracy: '*_acc' };
    const { table } = await read({ columns: map });
    expect(table.evaluationDomains).toEqual(['web text', 'code', 'arc']);
    expect(Array.from(table.ownDomain)).toEqual([-1, -1, -1]);
    const mapped = await read({ columns: map, mapping: { code: 'code' } });
    expect(Array.from(mapped.table.ownDomain)).toEqual([-1, 1, -1]);
  });

  test('go through runs.jsonl unchanged', async () => {
    const { table } = await read(columns('losses=*_loss', 'accuracy=arc_acc', 'bpb=arc_bpb'));
    const lines = [...formatRuns(table)];
    expect(JSON.parse(lines[0]).metrics).toEqual({ arc_acc: 'error rate', arc_bpb: 'bits per byte' });
    const again = await imported(bimixRuns, [fileOf('runs.jsonl', [lines.join('').trimEnd()])], {});
    expect(again.table.metrics).toEqual(table.metrics);
    expect(again.table.losses).toEqual(table.losses);
    expect([...formatRuns(again.table)].slice(1)).toEqual(lines.slice(1));
  });

  test('of a long table are evaluation domains', async () => {
    const lines = [
      'run,tokens,weight_web,weight_code,domain,loss',
      ...['a,1000,0.6,0.4,web,4.1', 'a,1000,0.6,0.4,arc acc,0.25', 'b,1000,0.2,0.8,web,4.4'],
      'b,1000,0.2,0.8,arc acc,0.5',
    ];
    const { table } = await imported(long, [fileOf('l.csv', lines)], columns('accuracy=*acc'));
    expect(table.metrics).toEqual({ 'arc acc': 'error rate' });
    expect(Array.from(table.losses)).toEqual([4.1, 0.75, 4.4, 0.5]);
    const wrong = imported(long, [fileOf('l.csv', lines)], columns('accuracy=arc'));
    await expect(wrong).rejects.toThrow('unknown evaluation domain "arc" with accuracy');
  });

  test.each<[string, readonly string[], ImportOptions, Refusal]>([
    [
      'no such column',
      WIDE,
      columns('accuracy=hellaswag'),
      { code: 'missing-column', message: /^missing column "hellaswag" with accuracy/ },
    ],
    [
      'two columns of one evaluation domain',
      WIDE,
      columns('accuracy=*_acc', 'error=*_loss'),
      { code: 'ambiguous-domains', message: /^ambiguous evaluation domain "code"/ },
    ],
    [
      'per cent',
      [WIDE[0], 'a,1000,0.6,0.4,4.1,3.2,25,50,0.81'],
      columns('accuracy=arc_acc'),
      { code: 'invalid-metric', message: /^invalid accuracy 50 of "arc_acc" in run "a"/, where: { line: 2 } },
    ],
    [
      'no errors left',
      [WIDE[0], 'a,1000,0.6,0.4,4.1,3.2,0.2,1,0.81'],
      columns('accuracy=arc_acc'),
      { code: 'invalid-metric', message: /expected from 0 to below 1$/, where: { line: 2 } },
    ],
    [
      'negative bits',
      [WIDE[0], 'a,1000,0.6,0.4,4.1,3.2,0.2,0.5,-1'],
      columns('bpb=arc_bpb'),
      { code: 'invalid-metric', message: /^invalid bits per byte -1 of/, where: { line: 2 } },
    ],
  ])('are refused: %s', async (_, lines, options, refusal) => {
    await expectRefusal(wide, [fileOf('t.csv', lines)], refusal, options);
  });
});
