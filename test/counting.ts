/** Counting done plainly, to compare with: a map of pairs, and count files read into one. */

import { CountsFileReader } from '../src/counting/counts-file.ts';
import { groupOf } from '../src/counting/deal-documents.ts';
import type { PairBlockReader } from '../src/counting/pair-block-reader.ts';
import { NO_ROW } from '../src/counting/pair-block-reader.ts';

/** Documents of a file. */
export type Documents = readonly (readonly number[])[];

/** By `first,second`: count in each group. */
export type PairCounts = Map<string, number[]>;

export interface PlainCounts {
  readonly unigrams: number[][];
  readonly pairs: PairCounts;
  readonly documents: number[];
  readonly tokens: number[];
}

export function countPlainly(
  files: readonly Documents[],
  { vocabulary, groups, acrossDocuments = false }: { vocabulary: number; groups: number; acrossDocuments?: boolean },
): PlainCounts {
  const unigrams = Array.from({ length: groups }, () => new Array(vocabulary).fill(0));
  const [documents, tokens] = [new Array(groups).fill(0), new Array(groups).fill(0)];
  const pairs: PairCounts = new Map();
  for (const [position, file] of files.entries()) {
    let lead: { token: number; group: number } | null = null;
    for (const [index, document] of file.entries()) {
      const group = groupOf(position, index, groups);
      if (document.length > 0) documents[group]++;
      if (!acrossDocuments) lead = null;
      for (const token of document) {
        unigrams[group][token]++;
        tokens[group]++;
        if (lead !== null) addPair(pairs, `${lead.token},${token}`, lead.group, groups);
        lead = { token, group };
      }
    }
  }
  return { unigrams, pairs, documents, tokens };
}

function addPair(pairs: PairCounts, key: string, group: number, groups: number): void {
  const counts = pairs.get(key) ?? new Array(groups).fill(0);
  counts[group]++;
  pairs.set(key, counts);
}

/** A count file as plain counts; checks that its pairs are sorted. */
export function readPlainly(path: string): PlainCounts {
  const file = new CountsFileReader(path);
  try {
    const { vocabulary, groups, documents, tokens } = file.header;
    const flat = new Float64Array(vocabulary * groups);
    file.addUnigramsTo(flat);
    const pairs = pairsOf(file.pairs(), groups);
    file.readEnd();
    const unigrams = Array.from({ length: groups }, (_, g) => [...flat.subarray(g * vocabulary, (g + 1) * vocabulary)]);
    return { unigrams, pairs, documents: [...documents], tokens: [...tokens] };
  } finally {
    file.close();
  }
}

export function pairsOf(reader: PairBlockReader, groups: number): PairCounts {
  const pairs: PairCounts = new Map();
  let last = [-1, -1];
  while (reader.first !== NO_ROW) {
    const { first } = reader;
    while (reader.nextPair()) {
      const { second } = reader;
      if (first < last[0] || (first === last[0] && second <= last[1])) {
        throw new Error(`pair ${first}, ${second} after ${last}`);
      }
      last = [first, second];
      const counts = new Array(groups).fill(0);
      for (let i = 0; i < reader.entries; i++) counts[reader.groups[i]] = reader.counts[i];
      pairs.set(`${first},${second}`, counts);
    }
  }
  return pairs;
}

/** Sorted, so that two of them can be compared. */
export function sorted(pairs: PairCounts): [string, number[]][] {
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1));
}
