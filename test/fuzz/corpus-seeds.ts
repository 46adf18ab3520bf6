/** Corpora in each format, embeddings, tokenizers, and counts. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { mergesFile } from '../../src/corpus/bpe-merges.ts';
import { BpeTrainer } from '../../src/corpus/index.ts';
import { i32, plausibleDocuments, storedFrame, u16, u32, u64 } from '../corpus-files.ts';
import { type MdsColumn, mdsFiles } from '../mds-files.ts';
import { makeSeed, type Seed } from './seed.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TEXTS = ['The first document, of 12 words.', 'if (x > 1) { return "code"; }', 'A third one: naïve, 日本.'];
const LINES = `${TEXTS.map(text => JSON.stringify({ text })).join('\n')}\n`;
const EOS = 50_279;
const DOCUMENTS = plausibleDocuments([50, 100, 50], EOS);
const IDS = DOCUMENTS.flat();
const ENDS = [50, 150, 200];
/** Every file of a format whose parts say how long each is. */
const ALL = /./;

export function corpusSeeds(): Seed[] {
  return [...texts(), ...tokens(), ...mds(), ...embeddings(), ...tokenizers(), ...counted()];
}

function texts(): Seed[] {
  const folder = path.join(ROOT, 'test');
  const written = ['corpus/sized.jsonl.zst', 'corpus/streamed.jsonl.zst'];
  const field = ['parquet-empty-rg/a.parquet', 'parquet-struct/a.parquet', 'parquet-zero-rows/a.parquet'];
  const fields = { 'parquet-struct/a.parquet': { text: 'doc.text' } } as Readonly<Record<string, { text: string }>>;
  return [
    makeSeed('JSON lines', 'documents', { 'a.jsonl': LINES }),
    makeSeed('gzip JSON lines', 'documents', { 'a.jsonl.gz': gzipSync(LINES) }),
    makeSeed('zstd JSON lines', 'documents', { 'a.jsonl.zst': storedFrame(Buffer.from(LINES)) }),
    ...written.map(name =>
      makeSeed(name, 'documents', { [path.basename(name)]: readFileSync(path.join(folder, name)) }),
    ),
    makeSeed('text', 'documents', { 'a.txt': TEXTS.join('\n\n') }),
    ...parquets('text', TEXTS).map(([name, content]) => makeSeed(name, 'documents', { 'a.parquet': content })),
    ...field.map(name => {
      const content = readFileSync(path.join(folder, 'field-files', name));
      return makeSeed(name, 'documents', { 'a.parquet': content }, { options: fields[name] ?? {} });
    }),
  ];
}

/** Plain, and in the codecs and encodings that writers choose. */
function parquets(name: string, data: readonly unknown[]): [string, Uint8Array][] {
  const codecs = ['UNCOMPRESSED', 'SNAPPY'] as const;
  return codecs.map(codec => {
    const buffer = parquetWriteBuffer({ columnData: [{ name, data: [...data, ...data] }], codec, rowGroupSize: 4 });
    return [`Parquet documents, ${codec}`, new Uint8Array(buffer)];
  });
}

function tokens(): Seed[] {
  const header = Buffer.concat([
    Buffer.from('\x93NUMPY\x01\0', 'latin1'),
    u16(118),
    Buffer.from(`${`{'descr': '<u2', 'fortran_order': False, 'shape': (200,), }`.padEnd(117)}\n`),
  ]);
  const llmc = Buffer.concat([i32(20240520, 1, 200), Buffer.alloc(1012), u16(...IDS)]);
  const index = Buffer.concat([
    ...[Buffer.from('MMIDIDX\0\0'), u64(1), Buffer.from([8]), u64(3, 4), i32(50, 100, 50)],
    ...[u64(0, 100, 300), u64(0, 1, 2, 3)],
  ]);
  const table = gzipSync(ENDS.map((end, i) => `${ENDS[i - 1] ?? 0},${end},id-${i}\n`).join(''));
  const datatrove = (ids: Buffer, item: number) => ({
    'a.ds': ids,
    'a.ds.index': u64(...ENDS),
    'a.ds.metadata': `gpt2|${item}\n200\n200 T`,
  });
  const withEos = DOCUMENTS.flatMap(ids => [...ids, EOS]);
  const eos = { options: { eos: EOS } };
  return [
    makeSeed('npy', 'documents', { 'a.npy': Buffer.concat([header, u16(...IDS)]) }),
    makeSeed('nanoGPT', 'documents', { 'train.bin': u16(...IDS) }),
    makeSeed('nanoGPT, eos', 'documents', { 'train.bin': u16(...withEos) }, eos),
    makeSeed('llm.c', 'documents', { 'llm.bin': llmc }, { sized: ALL }),
    makeSeed('Megatron', 'documents', { 'web.idx': index, 'web.bin': u16(...IDS) }, { sized: ALL }),
    makeSeed('datatrove, u16', 'documents', datatrove(u16(...IDS), 2), { sized: /\.(?:ds|index)$/ }),
    makeSeed('datatrove, u32', 'documents', datatrove(u32(...IDS), 4), { sized: /\.(?:ds|index)$/ }),
    makeSeed('OLMo', 'documents', { 'part.npy': u32(...withEos) }, { ...eos, sized: /$^/ }),
    makeSeed('OLMo, table', 'documents', { 'part.npy': u32(...IDS), 'part.csv.gz': table }),
  ];
}

function mds(): Seed[] {
  const columns: MdsColumn[] = [
    ['id', 'int', 8],
    ['source', 'str', null],
    ['text', 'str', null],
  ];
  const samples = TEXTS.map((text, i) => [u64(i), Buffer.from('web'), Buffer.from(text)]);
  const shards = [samples.slice(0, 2), samples.slice(2)];
  const shaped = DOCUMENTS.map(ids => [Buffer.concat([Buffer.from([16, 4, ids.length]), u16(...ids)])]);
  const sized = { sized: ALL };
  return [
    ...([undefined, 'gz', 'zstd'] as const).map(packing => {
      return makeSeed(`MDS, ${packing ?? 'plain'}`, 'documents', mdsFiles(columns, shards, packing), sized);
    }),
    makeSeed('MDS, ndarray', 'documents', mdsFiles([['tokens', 'ndarray', null]], [shaped]), sized),
    makeSeed('MDS, bytes', 'documents', mdsFiles([['tokens', 'bytes', null]], [DOCUMENTS.map(ids => [u16(...ids)])]), {
      ...sized,
      options: { dtype: 'u16' },
    }),
  ];
}

function embeddings(): Seed[] {
  const rows = Array.from({ length: 6 }, (_, i) => [1, 0.5 * i, -2, 1 / (i + 1)]);
  const npy = (descr: string, data: ArrayBuffer): Buffer => {
    const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (6, 4), }`.padEnd(117);
    const start = [Buffer.from('\x93NUMPY\x01\0', 'latin1'), u16(118), Buffer.from(`${dict}\n`)];
    return Buffer.concat([...start, Buffer.from(data)]);
  };
  const parquet = (type?: 'JSON'): Uint8Array => {
    const column = { name: 'embedding', data: rows, ...(type === undefined ? {} : { type }) };
    return new Uint8Array(parquetWriteBuffer({ columnData: [column] }));
  };
  return [
    makeSeed('embeddings, f4', 'embeddings', { 'e.npy': npy('<f4', Float32Array.from(rows.flat()).buffer) }),
    makeSeed('embeddings, f8', 'embeddings', { 'e.npy': npy('<f8', Float64Array.from(rows.flat()).buffer) }),
    makeSeed('embeddings, Parquet', 'embeddings', { 'e.parquet': parquet('JSON') }),
    makeSeed('documents embedded', 'embed', { 'a.jsonl': LINES }),
  ];
}

function tokenizers(): Seed[] {
  const trainer = new BpeTrainer();
  trainer.add(TEXTS.join('\n').repeat(3));
  const field = ['tok-big-added-id', 'tok-whitespace-split'].map(name => {
    const file = readFileSync(path.join(ROOT, 'test/field-files', name, 'tokenizer.json'));
    return makeSeed(name, 'tokenizer', { 'tokenizer.json': file });
  });
  const written = [mergesFile(trainer.merges(400)), ...MODELS.map(model => JSON.stringify(model))];
  return [
    ...field,
    ...written.map((file, i) => makeSeed(`tokenizer.json ${i}`, 'tokenizer', { 'tokenizer.json': file })),
  ];
}

/** What stands in the tokenizer.json of T5, of BERT, and of older BPE. */
const MODELS = [
  {
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }] },
    model: {
      type: 'Unigram',
      unk_id: 0,
      vocab: ['<unk>', '▁the', '▁web', '▁in', '▁co', 'de', 't'].map((token, i) => [token, -i]),
    },
  },
  {
    added_tokens: [{ id: 0, content: '[UNK]', special: true }],
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    model: {
      ...{ type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100 },
      vocab: { '[UNK]': 0, the: 1, web: 2, co: 3, '##de': 4, in: 5 },
    },
  },
  {
    added_tokens: [{ id: 4, content: '<s>', special: true }],
    normalizer: { type: 'Replace', pattern: { Regex: ' +' }, content: ' ' },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: '\\p{L}+' }, behavior: 'Isolated', invert: false },
        { type: 'Digits', individual_digits: true },
        { type: 'Whitespace' },
      ],
    },
    model: { type: 'BPE', unk_token: '<s>', vocab: { t: 0, h: 1, th: 2, e: 3, '<s>': 4 }, merges: ['t h'] },
  },
];

/** What `bimix entropy` of the last build writes. */
function counted(): Seed[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'bimix-fuzz-counts-'));
  try {
    for (const name of ['web.jsonl', 'code.jsonl']) writeFileSync(path.join(folder, name), LINES);
    writeFileSync(
      path.join(folder, 'corpus.yaml'),
      'tokenizer: bytes\ndomains: {web: {files: web.jsonl}, code: {files: code.jsonl}}\n',
    );
    const bimix = path.join(ROOT, 'dist/cli/main.js');
    for (const ends of [
      ['-o', 'entropy.json'],
      ['--shard', '0/1', '--work', 'parts'],
    ]) {
      execFileSync(process.execPath, [bimix, 'entropy', 'corpus.yaml', ...ends], { cwd: folder, stdio: 'ignore' });
    }
    const files = readdirSync(folder, { recursive: true }).map(String);
    const counts = readFileSync(path.join(folder, files.find(file => file.endsWith('.counts')) as string));
    return [
      makeSeed('counts', 'counts', { 'web.counts': counts }),
      makeSeed('counts, merged', 'merge', { 'web.counts': counts }),
      makeSeed('entropy.json', 'entropy', { 'entropy.json': readFileSync(path.join(folder, 'entropy.json')) }),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
