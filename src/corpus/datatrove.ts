/**
 * datatrove's `.ds`: bare ids; `.ds.index` with the end of each document in ids (u64, cumulative), `.ds.metadata` with
 * `tokenizer|bytes of an id` and the number of ids.
 */

import { existsSync } from 'node:fs';
import { BimixError } from '../errors/index.ts';
import { readInputFile } from '../files/index.ts';
import type { DocumentReader, ReadOptions, TokenDtype } from './documents.ts';
import { checkDtype, impliedDtype, sampleIds } from './dtype-check.ts';
import { emptyFile } from './empty-file.ts';
import { uint64s } from './integers.ts';
import { withSource } from './source-file.ts';
import { ITEM_BYTES, wholeIds } from './token-dtype.ts';
import { type BareIds, type DocumentMarks, markedTokenFile } from './token-file.ts';

/** Documents of the index read at a time. */
const WINDOW = 65_536;

export const datatrove: DocumentReader = {
  name: 'datatrove',
  description: "datatrove's .ds with its .ds.index",

  detect: path => /\.ds$/i.test(path),

  /**
   * @throws BimixError `missing-file` (the index), `invalid-datatrove` (index or metadata do not fit), `ambiguous-dtype`,
   * `invalid-dtype`, `invalid-tokens`, `invalid-eos`, with the byte
   */
  async open(path, options) {
    const ids = await inspect(path, options);
    return markedTokenFile(ids, await readIndex(`${path}.index`, ids), options);
  },
};

async function inspect(path: string, options: ReadOptions): Promise<BareIds> {
  const metadata = await readMetadata(`${path}.metadata`);
  const dtype = metadata?.dtype ?? options.dtype;
  return withSource(path, async source => {
    const { size } = source;
    if (size === 0) throw emptyFile(path);
    const sample = await sampleIds(source, 0, size);
    const inferred = dtype ?? impliedDtype(sample);
    if (inferred === undefined) {
      throw new BimixError('ambiguous-dtype', `ambiguous dtype of ${path}: it has no .metadata`, {
        hint: 'State it as "dtype: u16" or "dtype: u32".',
        where: { file: path },
      });
    }
    checkDtype(path, sample, inferred, 0);
    const count = wholeIds(path, inferred, 0, size);
    if (metadata?.count !== undefined && metadata.count !== count) {
      const trouble = `it says ${metadata.count} ids, ${path} has ${count}`;
      throw invalidDatatrove(`${path}.metadata`, trouble, { line: 2 });
    }
    const notes = dtype === undefined ? [`dtype ${inferred} was inferred from its ids`] : [];
    const tokenizer = metadata === undefined ? '' : ` It was made with ${metadata.tokenizer}.`;
    return {
      format: 'datatrove',
      path,
      dtype: inferred,
      start: 0,
      count,
      notes,
      hint: `Is the tokenizer right?${tokenizer}`,
    };
  });
}

interface Metadata {
  readonly tokenizer: string;
  readonly dtype: TokenDtype;
  readonly count: number | undefined;
}

async function readMetadata(path: string): Promise<Metadata | undefined> {
  if (!existsSync(path)) return undefined;
  const [first, second = ''] = (await readInputFile(path)).text().split('\n');
  const match = /^(.*)\|([24])\s*$/.exec(first);
  if (match === null) {
    throw invalidDatatrove(path, `${JSON.stringify(first.slice(0, 80))} is not tokenizer|2 or tokenizer|4`, {
      line: 1,
    });
  }
  return {
    tokenizer: match[1],
    dtype: match[2] === '2' ? 'u16' : 'u32',
    count: /^\d+\s*$/.test(second) ? Number(second) : undefined,
  };
}

async function readIndex(path: string, ids: BareIds): Promise<DocumentMarks> {
  const documents = await withSource(path, async source => {
    if (source.size === 0 || source.size % 8 !== 0) {
      throw invalidDatatrove(path, `${source.size} bytes are not a whole number of u64`, {
        byte: source.size - (source.size % 8),
      });
    }
    const [last] = uint64s(await source.read(source.size - 8, 8));
    if (last !== ids.count) {
      const trouble = `its last document ends at id ${last}, ${ids.path} has ${ids.count} of ${ITEM_BYTES[ids.dtype]} bytes`;
      throw invalidDatatrove(path, trouble, { byte: source.size - 8 });
    }
    return source.size / 8;
  });
  return {
    documents,
    beginOf: document => beginOf(path, document),
    endsOf: (from, to) => documentEnds(path, from, to),
  };
}

async function beginOf(path: string, document: number): Promise<number> {
  if (document === 0) return 0;
  return withSource(path, async source => uint64s(await source.read((document - 1) * 8, 8))[0]);
}

async function* documentEnds(path: string, from: number, to: number): AsyncGenerator<Float64Array> {
  let previous = await beginOf(path, from);
  for (let at = from; at < to; at += WINDOW) {
    const count = Math.min(WINDOW, to - at);
    const ends = await withSource(path, async source => uint64s(await source.read(at * 8, count * 8)));
    for (let i = 0; i < count; i++) {
      if (ends[i] < previous) {
        const trouble = `document ${at + i} ends at id ${ends[i]}, before the one ahead of it at ${previous}`;
        throw invalidDatatrove(path, trouble, { byte: (at + i) * 8 });
      }
      previous = ends[i];
    }
    yield ends;
  }
}

function invalidDatatrove(path: string, trouble: string, where: { byte?: number; line?: number }): BimixError {
  return new BimixError('invalid-datatrove', `invalid datatrove file ${path}: ${trouble}`, {
    hint: 'Are the .ds, .ds.index and .ds.metadata of one run, and copied whole?',
    where: { file: path, ...where },
  });
}
