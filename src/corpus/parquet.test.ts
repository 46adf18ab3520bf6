import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import {
  expectDocuments,
  fileIn,
  plausibleDocuments,
  readDocuments,
  refusalOf,
  temporaryFolder,
} from '../../test/corpus-files.ts';
import { BimixError } from '../errors/index.ts';
import { openDocuments } from './readers.ts';

const folder = temporaryFolder();

function fieldFile(name: string): string {
  return path.resolve('test/field-files', name);
}

function table(name: string, columns: ColumnSource[], rowGroupSize = 3): string {
  return fileIn(folder, name, new Uint8Array(parquetWriteBuffer({ columnData: columns, rowGroupSize })));
}

const TEXTS = ['one', 'zwei ü', '三'.repeat(500), '', 'with\0zero', 'one', 'last'];
const numbers: ColumnSource = { name: 'id', data: TEXTS.map((_, i) => i), type: 'INT32' };
const textColumn = (name: string, data: unknown[] = TEXTS): ColumnSource => ({ name, data, type: 'STRING' });

const DOCUMENTS = plausibleDocuments([30, 1, 200, 7], 50_000);

/** A list column as Arrow writes it: optional lists of optional integers. */
function listTable(name: string, lists: unknown[], type: 'INT32' | 'INT64'): string {
  const schema = [
    { name: 'root', num_children: 1 },
    { name: 'input_ids', repetition_type: 'OPTIONAL' as const, num_children: 1, converted_type: 'LIST' as const },
    { name: 'list', repetition_type: 'REPEATED' as const, num_children: 1 },
    { name: 'element', repetition_type: 'OPTIONAL' as const, type },
  ];
  const columnData = [{ name: 'input_ids', data: lists }];
  return fileIn(folder, name, new Uint8Array(parquetWriteBuffer({ columnData, schema, rowGroupSize: 2 })));
}

describe('a Parquet file', () => {
  test('has a document a row, in its column of text', async () => {
    const file = table('a.parquet', [numbers, textColumn('text')]);
    await expectDocuments(file, TEXTS);
    expect(await openDocuments(file)).toMatchObject({ format: 'parquet', kind: 'text', notes: [] });
    expect(await (await openDocuments(file)).parts(9)).toEqual([
      { from: 0, to: 1 },
      { from: 1, to: 2 },
      { from: 2, to: 3 },
    ]);
  });

  test('has its text in any column', async () => {
    await expectDocuments(table('b.parquet', [numbers, textColumn('body')]), TEXTS, { text: 'body' });
    await expectDocuments(table('c.parquet', [numbers, textColumn('content')]), TEXTS);
  });

  test.each(['INT32', 'INT64'] as const)('with lists of %s has tokens', async type => {
    const lists = type === 'INT32' ? DOCUMENTS : DOCUMENTS.map(ids => ids.map(BigInt));
    const file = listTable('tokens.parquet', lists, type);
    await expectDocuments(file, DOCUMENTS);
    expect(await openDocuments(file)).toMatchObject({ kind: 'tokens', tokens: null, idLimit: 1_048_576 });
  });

  test('with lists is cut at eos too, and leaves out empty ones', async () => {
    const eos = 50_001;
    const [a, b, c, d] = DOCUMENTS;
    const file = listTable('packed.parquet', [[...a, eos, ...b], [], [eos, ...c, eos], [eos, eos], d], 'INT32');
    await expectDocuments(file, DOCUMENTS, { eos });
  });

  test('is refused wherever it is cut, and when something follows it', async () => {
    const whole = readFileSync(table('whole.parquet', [numbers, textColumn('text')]));
    for (const end of [3, 5, 100, whole.length - 9, whole.length - 1]) {
      const file = fileIn(folder, 'cut.parquet', whole.subarray(0, end));
      const error = await refusalOf(file, { format: 'parquet' });
      expect(error).toMatchObject({ code: 'invalid-parquet', where: { file } });
      expect(error.where.byte).toBeLessThanOrEqual(end);
    }
    const longer = fileIn(folder, 'longer.parquet', Buffer.concat([whole, Buffer.from('junk')]));
    expect(await refusalOf(longer)).toMatchObject({ code: 'invalid-parquet' });
  });

  test('is refused when a page cannot be decoded, at its column', async () => {
    const whole = readFileSync(table('whole.parquet', [numbers, textColumn('text')]));
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 45, 120);
    const file = fileIn(folder, 'damaged.parquet', damaged);
    const error = await refusalOf(file);
    expect(error).toMatchObject({ code: 'invalid-parquet', where: { file, byte: 41 } });
  });

  test('never gives other documents when a byte of its footer has changed', async () => {
    const whole = readFileSync(table('whole.parquet', [numbers, textColumn('text')]));
    const footer = whole.length - 8 - whole.readUInt32LE(whole.length - 8);
    for (let at = footer; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] ^= 0xff;
      const file = fileIn(folder, 'footer.parquet', damaged);
      const outcome = await readDocuments(file, { format: 'parquet', text: 'text' }).catch(error => error);
      if (Array.isArray(outcome)) expect(outcome, `byte ${at}`).toEqual(TEXTS);
      else expect(outcome, `byte ${at}`).toBeInstanceOf(BimixError);
    }
  });

  test('is refused with a null, an unknown column, or one that is neither text nor lists', async () => {
    const nulls = table('nulls.parquet', [textColumn('text', ['a', 'b', 'c', 'd', null, 'f'])]);
    expect(await refusalOf(nulls)).toMatchObject({
      code: 'invalid-value',
      message: 'invalid value in column "text", row 5: null',
      where: { file: nulls, line: 5 },
    });
    const file = table('d.parquet', [numbers, textColumn('txt')]);
    expect(await refusalOf(file)).toMatchObject({
      code: 'missing-column',
      hint: 'Columns are id, txt. State it as "text: NAME".',
    });
    expect(await refusalOf(file, { text: 'tx' })).toMatchObject({
      hint: 'Did you mean "txt"? State it as "text: NAME".',
    });
    expect(await refusalOf(file, { text: 'id' })).toMatchObject({
      code: 'invalid-column',
      message: `invalid column "id" in ${file}: INT32`,
    });
  });

  test('with text that is not UTF-8 is refused', async () => {
    const bytes: ColumnSource = {
      name: 'text',
      data: [Buffer.from('a'), Buffer.from('\xe9', 'latin1')],
      type: 'BYTE_ARRAY',
    };
    expect(await refusalOf(table('latin.parquet', [bytes]))).toMatchObject({
      code: 'invalid-value',
      message: 'invalid value in column "text", row 2: bytes that are not UTF-8',
    });
  });

  test('with ids that are negative, missing or beyond the vocabulary is refused at its row', async () => {
    const negative = listTable('n.parquet', [[1], [2], [3, -1]], 'INT32');
    expect(await refusalOf(negative)).toMatchObject({ code: 'invalid-tokens', where: { file: negative } });
    const missing = listTable('m.parquet', [[1], [2, null]], 'INT32');
    expect(await refusalOf(missing)).toMatchObject({ code: 'invalid-value', where: { line: 2 } });
    const beyond = listTable('b.parquet', DOCUMENTS, 'INT32');
    expect(await refusalOf(beyond, { vocabularyLimit: 1000 })).toMatchObject({ code: 'invalid-tokens' });
  });

  test('has its text inside structures, as JSON lines do', async () => {
    const file = fieldFile('parquet-struct/a.parquet');
    const documents = await readDocuments(file, { text: 'doc.text' });
    expect(documents).toHaveLength(200);
    expect(Buffer.byteLength(documents.join(''))).toBe(12_544);
    expect(await refusalOf(file, { text: 'doc' })).toMatchObject({
      code: 'invalid-column',
      message: `invalid column "doc" in ${file}: a structure`,
      hint: expect.stringContaining('Name what is inside it, such as "text: doc.'),
    });
    expect(await refusalOf(file, { text: 'doc.txt' })).toMatchObject({
      code: 'missing-column',
      hint: 'Did you mean "doc.text"? State it as "text: NAME".',
    });
  });

  test('with lists of lists is refused by what they are', async () => {
    const schema = [
      { name: 'root', num_children: 1 },
      { name: 'ids', repetition_type: 'OPTIONAL' as const, num_children: 1, converted_type: 'LIST' as const },
      { name: 'list', repetition_type: 'REPEATED' as const, num_children: 1 },
      { name: 'element', repetition_type: 'OPTIONAL' as const, num_children: 1, converted_type: 'LIST' as const },
      { name: 'list', repetition_type: 'REPEATED' as const, num_children: 1 },
      { name: 'element', repetition_type: 'OPTIONAL' as const, type: 'INT32' as const },
    ];
    const columnData = [{ name: 'ids', data: [[[1], [2, 3]], [[4]]] }];
    const file = fileIn(folder, 'nested.parquet', new Uint8Array(parquetWriteBuffer({ columnData, schema })));
    expect(await refusalOf(file, { text: 'ids' })).toMatchObject({
      code: 'invalid-column',
      message: `invalid column "ids" in ${file}: lists of lists of INT32`,
    });
  });

  test('may have row groups without rows', async () => {
    const documents = await readDocuments(fieldFile('parquet-empty-rg/a.parquet'));
    expect(documents).toHaveLength(200);
    expect(Buffer.byteLength(documents.join(''))).toBe(12_544);
  });

  test('with a damaged page is refused', async () => {
    expect(await refusalOf(fieldFile('parquet-damaged/corpus-1448.parquet'))).toMatchObject({
      code: 'invalid-parquet',
    });
  });

  test('without rows or bytes holds no document', async () => {
    const none = table('none.parquet', [textColumn('text', [])]);
    for (const file of [none, fieldFile('parquet-zero-rows/b.parquet')]) {
      expect(await refusalOf(file)).toMatchObject({
        code: 'invalid-file',
        message: `invalid file ${file}: it has no rows, it holds no document`,
      });
    }
    expect(await refusalOf(fileIn(folder, 'zero.parquet', ''), { format: 'parquet' })).toMatchObject({
      code: 'invalid-file',
    });
    expect(await refusalOf(path.join(folder, 'x.parquet'), { format: 'parquet' })).toMatchObject({
      code: 'missing-file',
    });
  });
});
