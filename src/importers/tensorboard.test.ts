import { describe, expect, test } from 'vitest';
import { eventFile, type LoggedScalar, record } from '../../test/event-file.ts';
import { countOf, expectRefusal, fileOf, imported } from '../../test/importing.ts';
import { BimixError } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';
import { tensorboard } from './tensorboard.ts';

const MIXTURES = fileOf('sweep.csv', ['run,weight_web,weight_code', 'small-1,0.8,0.2', 'small-2,0.5,0.5']);

/** Written by tensorboardX 2.6.5: `add_scalar` of train/loss, eval/web_loss and eval/code_loss at steps 1000 and 2000. */
const SIMPLE_VALUES = [
  'GAAAAAAAAACjf0siCSyl4rHAwNpBGg1icmFpbi5FdmVudDoyDNWilyEAAAAAAAAAAXvs9gmtruKxwMDaQRDoByoTChEKCnRyYWluL2xvc3MVMz',
  'NTQH0e4bIkAAAAAAAAAEIrgE0J2LLiscDA2kEQ6AcqFgoUCg1ldmFsL3dlYl9sb3NzFQAAYECqNBCVJQAAAAAAAADqvDbzCUW44rHAwNpBEOgH',
  'KhcKFQoOZXZhbC9jb2RlX2xvc3MVAAAgQP9sFQUhAAAAAAAAAAF77PYJkLjiscDA2kEQ0A8qEwoRCgp0cmFpbi9sb3NzFTMzU0CybA3iJAAAAA',
  'AAAABCK4BNCcS44rHAwNpBENAPKhYKFAoNZXZhbC93ZWJfbG9zcxUAAEBA50a97SUAAAAAAAAA6rw28wmaueKxwMDaQRDQDyoXChUKDmV2YWwv',
  'Y29kZV9sb3NzFQAAAEAezYBB',
].join('');

/** Written by tensorboard 2.21.0: tensors of rank 0 in single and double precision, one of rank 1, and a text. */
const TENSORS = [
  'SAAAAAAAAAD+kkidCbeK5bHAwNpBGg1icmFpbi5FdmVudDoyUi4KLHRlbnNvcmJvYXJkLnN1bW1hcnkud3JpdGVyLmV2ZW50X2ZpbGVfd3JpdG',
  'VygGEOWDcAAAAAAAAA5+jKWQkAAAAFZc3NQRAKKioKKAoNZXZhbC93ZWIvbG9zc0IKCAESACoEAABgQEoLCgkKB3NjYWxhcnMB3on+LwAAAAAA',
  'AABtXR1QCQAAAAVlzc1BEAoqIgogCg5ldmFsL2NvZGUvbG9zc0IOCAISADIIAAAAAAAAAkAjeWAhNAAAAAAAAABeMxdcCQAAAAVlzc1BEAoqJw',
  'olCg9ldmFsL2Jvb2tzL2xvc3NCEggBEgQSAggCIggAAIA/AAAAQPBaCYgiAAAAAAAAAHgRPf0JAAAABWXNzUEQCioVChMKBG5vdGVCCwgHEgBC',
  'BWhlbGxvJ11t3Q==',
].join('');

const decoded = (path: string, text: string): InputFile => fileOf(path, Buffer.from(text, 'base64'));

type Evaluation = readonly [step: number, web: number, code: number];

const scalarsOf = (evaluations: readonly Evaluation[], isTensor = false): LoggedScalar[] =>
  evaluations.flatMap(([step, web, code]) => [
    { tag: 'train/loss', step, value: 3, isTensor },
    { tag: 'eval/web/loss', step, value: web, isTensor },
    { tag: 'eval/code/loss', step, value: code, isTensor },
    { tag: 'eval/loss', step, value: 3, isTensor },
  ]);

const events = (folder: string, evaluations: readonly Evaluation[], time?: number): InputFile =>
  fileOf(`${folder}/events.out.tfevents.1700000000.node.1.0`, eventFile(scalarsOf(evaluations), time));

const SMALL_1 = events('logs/small-1', [
  [1000, 4, 3],
  [2000, 3.5, 2.5],
]);
const SMALL_2 = events('logs/small-2', [[1000, 4.25, 2.75]]);

describe('the TensorBoard importer', () => {
  test('reads what tensorboardX wrote', async () => {
    const { table } = await imported(tensorboard, [decoded('small-1/events.out.tfevents.1', SIMPLE_VALUES), MIXTURES]);
    expect(table.evaluationDomains).toEqual(['web', 'code']);
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000]);
    expect(Array.from(table.losses)).toEqual([3.5, 2.5, 3, 2]);
  });

  test('reads what tensorboard wrote as tensors, of rank 0 only', async () => {
    const { table } = await imported(tensorboard, [decoded('small-1/events.out.tfevents.1', TENSORS), MIXTURES]);
    expect(table.evaluationDomains).toEqual(['web', 'code']);
    expect(Array.from(table.losses)).toEqual([3.5, 2.25]);
  });

  test('reads several runs, each called like its folder, by step', async () => {
    expect(tensorboard.detect([SMALL_1, MIXTURES])).toMatchObject({ confidence: 'certain' });
    expect(tensorboard.detect([MIXTURES])).toBe(false);
    const { table, findings } = await imported(tensorboard, [SMALL_1, SMALL_2, MIXTURES], { tokensPerStep: 512 });
    expect(table.runs.map(({ name }) => name)).toEqual(['small-1', 'small-2']);
    expect(table.evaluationDomains).toEqual(['web', 'code']);
    expect(table.volumeUnit).toBe('steps');
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000, 1000]);
    expect(Array.from(table.losses)).toEqual([4, 3, 3.5, 2.5, 4.25, 2.75]);
    expect(findings.filter(({ kind }) => kind !== 'note')).toEqual([]);
  });

  test('takes the later of two files of a resumed run, whatever their order', async () => {
    const resumed = events('small-1', [[2000, 3, 2]], 1.8e9);
    const { table, findings } = await imported(tensorboard, [resumed, SMALL_1, MIXTURES]);
    expect(Array.from(table.losses)).toEqual([4, 3, 3, 2]);
    expect(countOf(findings, 'conflicting-losses')).toBe(2);
  });

  test('counts tokens by a tag where each evaluation has it, or by the step where it is said so', async () => {
    const scalars = scalarsOf([[10, 4, 3]]);
    const path = 'small-1/events.out.tfevents.1';
    const counted = fileOf(path, eventFile([...scalars, { tag: 'train/tokens', step: 10, value: 5120 }]));
    const { table } = await imported(tensorboard, [counted, MIXTURES]);
    expect(table).toMatchObject({ volumeUnit: 'tokens', rowVolume: Float64Array.of(5120) });
    const elsewhere = fileOf(path, eventFile([...scalars, { tag: 'train/tokens', step: 9, value: 5120 }]));
    expect((await imported(tensorboard, [elsewhere, MIXTURES])).table.volumeUnit).toBe('steps');
    const columns = { volume: 'tokens' } as const;
    expect((await imported(tensorboard, [elsewhere, MIXTURES], { columns })).table).toMatchObject({
      volumeUnit: 'tokens',
      rowVolume: Float64Array.of(10),
    });
    await expectRefusal(
      tensorboard,
      [counted, MIXTURES],
      { code: 'missing-column', message: /"train\/token" with tokens/ },
      { columns: { tokens: 'train/token' } },
    );
  });

  test('reads tags of other names as a column map says, OLMo and Megatron by themselves', async () => {
    const file = (tags: readonly string[]): InputFile =>
      fileOf(
        'small-1/events.out.tfevents.1',
        eventFile(tags.map((tag, i) => ({ tag, step: 5, value: 2 + i, isTensor: true }))),
      );
    const named = await imported(tensorboard, [file(['ce web', 'ce code']), MIXTURES], { columns: { losses: 'ce *' } });
    expect(named.table.evaluationDomains).toEqual(['web', 'code']);
    const olmo = await imported(tensorboard, [
      file(['eval/lm/web-validation/CE loss', 'eval/lm/web-validation/PPL', 'eval/lm/code-validation/CE loss']),
      MIXTURES,
    ]);
    expect(olmo.table.evaluationDomains).toEqual(['web', 'code']);
    const web = 'lm loss validation-web';
    const megatron = [web, `${web} ppl`, `${web} vs samples`, 'lm loss validation-code', 'lm loss'];
    const { table } = await imported(tensorboard, [file(megatron), MIXTURES]);
    expect(table.evaluationDomains).toEqual(['web', 'code']);
    expect(Array.from(table.losses)).toEqual([2, 5]);
  });

  test('reads add_scalars of PyTorch, which writes a folder for each domain', async () => {
    const ofDomain = (domain: string, value: number): InputFile =>
      fileOf(
        `logs/small-1/eval_loss_${domain}/events.out.tfevents.1`,
        eventFile([{ tag: 'eval/loss', step: 10, value }]),
      );
    const { table } = await imported(tensorboard, [ofDomain('web', 4), ofDomain('code', 3), MIXTURES]);
    expect(table.runs.map(({ name }) => name)).toEqual(['small-1']);
    expect(table.evaluationDomains).toEqual(['web', 'code']);
    expect(Array.from(table.losses)).toEqual([4, 3]);
  });

  test('reads a file that is cut anywhere up to the cut, and says so', async () => {
    const { path, content } = SMALL_1;
    const whole = [4, 3, 3.5, 2.5];
    for (let end = 100; end < content.length; end++) {
      const read = await imported(tensorboard, [fileOf(path, content.slice(0, end)), MIXTURES]).catch(
        (error: unknown) => error,
      );
      if (read instanceof BimixError) continue;
      const { table } = read as Awaited<ReturnType<typeof imported>>;
      const losses = Array.from(table.losses).filter(loss => !Number.isNaN(loss));
      expect(losses).toEqual(whole.slice(0, losses.length));
    }
    const lastRecord =
      content.length - eventFile([{ tag: 'eval/loss', step: 2000, value: 3 }]).length + eventFile([]).length;
    const { table, findings } = await imported(tensorboard, [fileOf(path, content.slice(0, -3)), MIXTURES]);
    expect(findings.find(({ code }) => code === 'cut-log')?.items).toEqual([`${path} at byte ${lastRecord}`]);
    expect(Array.from(table.losses)).toEqual(whole);
  });

  test('says which files have none of the losses', async () => {
    const other = fileOf('small-2/events.out.tfevents.1', eventFile([{ tag: 'train/loss', step: 1, value: 3 }]));
    const { findings } = await imported(tensorboard, [SMALL_1, other, MIXTURES]);
    expect(findings.find(({ code }) => code === 'logs-without-losses')).toMatchObject({
      message: '1 file without a loss of web, code',
      items: [other.path],
    });
  });

  test('takes NaN as a run that broke', async () => {
    const broken = events('small-1', [
      [1000, 4, 3],
      [2000, Number.NaN, 2],
    ]);
    const { table, findings } = await imported(tensorboard, [broken, MIXTURES]);
    expect(countOf(findings, 'broken-losses')).toBe(1);
    expect(Array.from(table.losses)).toEqual([4, 3, Number.NaN, 2]);
  });
});

describe('the TensorBoard importer refuses', () => {
  test('a flipped bit anywhere, with the byte where its record begins', async () => {
    const starts = [0];
    const bytes = Buffer.from(SMALL_1.content);
    for (let at = 0; at < bytes.length; starts.push(at)) at += 16 + Number(bytes.readBigUInt64LE(at));
    for (let at = 60; at < bytes.length; at += 7) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] ^= 4;
      const byte = Math.max(...starts.filter(start => start <= at));
      await expectRefusal(tensorboard, [fileOf(SMALL_1.path, damaged), MIXTURES], {
        code: 'invalid-record',
        message: /checksum of its (length|data) does not match/,
        where: { file: SMALL_1.path, byte },
      });
    }
  });

  test('a whole record that is no event', async () => {
    const path = 'small-1/events.out.tfevents.1';
    const start = eventFile([]);
    for (const bytes of [[0x2a, 0x05, 1], [0x08, 0x80], [0x0b], [0x28, 0x01]]) {
      const file = fileOf(path, Buffer.concat([start, record(Buffer.from(bytes))]));
      await expectRefusal(tensorboard, [file, MIXTURES], {
        code: 'invalid-record',
        message: /not a TensorBoard event/,
        where: { file: path, byte: start.length },
      });
    }
  });

  test('one blended loss, with the way out', async () => {
    const file = fileOf('small-1/events.out.tfevents.1', eventFile([{ tag: 'eval/loss', step: 1, value: 3 }]));
    const refusal = { code: 'missing-domains', message: /it has only "eval\/loss"/ };
    await expectRefusal(tensorboard, [file, MIXTURES], refusal);
  });

  test('a negative step, logs without mixtures, files that are no events', async () => {
    const step = 2 ** 64 - 1024;
    const file = fileOf('small-1/events.out.tfevents.1', eventFile([{ tag: 'eval/web/loss', step, value: 3 }]));
    await expectRefusal(tensorboard, [file, MIXTURES], { code: 'invalid-number', message: /step or count of tokens/ });
    await expectRefusal(tensorboard, [SMALL_1], { code: 'missing-mixtures', message: /logs\/small-1/ });
    await expectRefusal(tensorboard, [MIXTURES], { code: 'missing-log', message: /has no TensorBoard scalars/ });
  });
});
