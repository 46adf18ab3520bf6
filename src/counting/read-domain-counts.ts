/** From a count file to what entropies are made of, in one pass over its pairs. */

import { setImmediate } from 'node:timers/promises';
import type { DomainCounts, NgramSpectra, Spectrum } from '../entropy/index.ts';
import { CountsFileReader } from './counts-file.ts';
import type { CountsHeader } from './counts-header.ts';
import { GroupSpectra } from './group-spectra.ts';
import { NO_ROW, type PairBlockReader } from './pair-block-reader.ts';
import { TopPairs } from './top-pairs.ts';

const TOP_PAIRS = 100;
/** Rows between two looks at the signal. */
const ROWS_AT_A_TIME = 512;

/**
 * Reads the counts of a domain. Memory: tables for the vocabulary and one block, however large the file.
 *
 * @throws BimixError missing-file; invalid-counts with the offset where the file is damaged
 */
export async function readDomainCounts(
  path: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<{ header: CountsHeader; counts: DomainCounts }> {
  const file = new CountsFileReader(path);
  try {
    return { header: file.header, counts: await countsOf(file, signal) };
  } finally {
    file.close();
  }
}

async function countsOf(file: CountsFileReader, signal: AbortSignal | undefined): Promise<DomainCounts> {
  const { header } = file;
  const { vocabulary, groups } = header;
  const byGroup = new Float64Array(vocabulary * groups);
  file.addUnigramsTo(byGroup);
  checkTokens(file, byGroup);

  const sets = growingSets(header);
  const spectraOf = () => new GroupSpectra(groups, sets.order, sets.sizes);
  const unigrams = spectraOf();
  const tokenCounts = new Float64Array(vocabulary);
  const tokens = new SymbolCounts(groups);
  for (let id = 0; id < vocabulary; id++) {
    for (let group = 0; group < groups; group++) tokens.byGroup[group] = byGroup[group * vocabulary + id];
    tokenCounts[id] = tokens.addTo(unigrams);
  }

  const [bigrams, firsts] = [spectraOf(), spectraOf()];
  const top = new TopPairs(TOP_PAIRS);
  const row = new SymbolCounts(groups);
  const pairs = file.pairs();
  for (let rows = 1; pairs.first !== NO_ROW; rows++) {
    readRow(pairs, bigrams, row, top);
    row.addTo(firsts);
    if (rows % ROWS_AT_A_TIME === 0) {
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  file.readEnd();

  const kinds = { unigrams: unigrams.finish(), bigrams: bigrams.finish(), firsts: firsts.finish() };
  return {
    vocabulary,
    ...assemble(header, sets, kinds),
    tokenCounts,
    textBytes: header.textBytes,
    topBigrams: top.pairs,
  };
}

/** Adds each pair of the current row, and the row's counts by group. */
function readRow(pairs: PairBlockReader, bigrams: GroupSpectra, row: SymbolCounts, top: TopPairs): void {
  const { first, groups, counts } = pairs;
  const { byGroup } = row;
  while (pairs.nextPair()) {
    const { entries } = pairs;
    let sum = 0;
    for (let i = 0; i < entries; i++) {
      byGroup[groups[i]] += counts[i];
      sum += counts[i];
    }
    bigrams.add(sum, entries, groups, counts);
    top.add(first, pairs.second, sum);
  }
}

/** Counts of one symbol. */
class SymbolCounts {
  readonly byGroup: Float64Array;
  readonly #groups: Uint8Array;
  readonly #counts: Float64Array;

  constructor(groups: number) {
    this.byGroup = new Float64Array(groups);
    this.#groups = new Uint8Array(groups);
    this.#counts = new Float64Array(groups);
  }

  /** Adds the symbol to the spectra, gives its count, and begins with the next symbol. */
  addTo(spectra: GroupSpectra): number {
    let entries = 0;
    let sum = 0;
    for (let group = 0; group < this.byGroup.length; group++) {
      const count = this.byGroup[group];
      if (count === 0) continue;
      this.#groups[entries] = group;
      this.#counts[entries++] = count;
      sum += count;
    }
    if (entries > 0) spectra.add(sum, entries, this.#groups, this.#counts);
    this.byGroup.fill(0);
    return sum;
  }
}

function checkTokens(file: CountsFileReader, byGroup: Float64Array): void {
  const { vocabulary, tokens } = file.header;
  for (const [group, count] of tokens.entries()) {
    const sum = byGroup.subarray(group * vocabulary, (group + 1) * vocabulary).reduce((a, b) => a + b, 0);
    if (sum !== count) file.refuse(`group ${group} has ${count} tokens by its header and ${sum} by its counts`);
  }
}

/** Growing sets of groups: of those that hold tokens the first 1, 2, 4, ..., and last all of them. */
interface GrowingSets {
  readonly order: readonly number[];
  readonly sizes: readonly number[];
}

function growingSets({ tokens }: CountsHeader): GrowingSets {
  const order = [...tokens.keys()].filter(group => tokens[group] > 0);
  const sizes: number[] = [];
  for (let size = 1; size < order.length; size *= 2) sizes.push(size);
  return { order, sizes };
}

type Kinds = Record<'unigrams' | 'bigrams' | 'firsts', { all: Spectrum; without: Spectrum[]; growing: Spectrum[] }>;

function assemble(
  { documents, tokens, groups }: CountsHeader,
  { order, sizes }: GrowingSets,
  { unigrams, bigrams, firsts }: Kinds,
): Pick<DomainCounts, 'all' | 'without' | 'growing'> {
  const sizeOf = (members: readonly number[]) => ({
    documents: members.reduce((sum, group) => sum + documents[group], 0),
    tokens: members.reduce((sum, group) => sum + tokens[group], 0),
  });
  const everyone = [...tokens.keys()];
  const all: NgramSpectra = {
    ...sizeOf(everyone),
    unigrams: unigrams.all,
    bigrams: bigrams.all,
    firsts: firsts.all,
  };
  const without = everyone.map(group => ({
    ...sizeOf(everyone.filter(other => other !== group)),
    unigrams: unigrams.without[group],
    bigrams: bigrams.without[group],
    firsts: firsts.without[group],
  }));
  const growing = sizes.map((size, set) => ({
    ...sizeOf(order.slice(0, size)),
    unigrams: unigrams.growing[set],
    bigrams: bigrams.growing[set],
    firsts: firsts.growing[set],
  }));
  return { all, without: groups === 1 ? [] : without, growing: [...growing, all] };
}
