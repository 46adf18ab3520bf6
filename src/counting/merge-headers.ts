/** One header for several count files of a domain, after making sure that they belong together. */

import { sameTokenizer, type TokenizerIdentity } from '../corpus/index.ts';
import { BimixError } from '../errors/index.ts';
import type { CountedFile, CountsHeader } from './counts-header.ts';

export interface NamedHeader {
  readonly path: string;
  readonly header: CountsHeader;
}

/**
 * The same header in whatever order the files come.
 *
 * @param files at least one
 * @throws BimixError invalid-counts naming two files and what they differ in, or what both hold
 */
export function mergeHeaders(files: readonly NamedHeader[]): CountsHeader {
  for (const file of files) checkAlike(files[0], file);
  const headers = files.map(({ header }) => header);
  const { domain, vocabulary, acrossDocuments, groups } = headers[0];
  return {
    domain,
    tokenizer: firstByName(headers.map(({ tokenizer }) => tokenizer)),
    vocabulary,
    acrossDocuments,
    groups,
    documents: sumByGroup(headers.map(({ documents }) => documents)),
    tokens: sumByGroup(headers.map(({ tokens }) => tokens)),
    textBytes: sumOrNull(headers.map(({ textBytes }) => textBytes)),
    sources: mergeSources(files),
  };
}

function checkAlike(a: NamedHeader, b: NamedHeader): void {
  const differ = (what: string, ofA: unknown, ofB: unknown) =>
    new BimixError('invalid-counts', `invalid count files: ${a.path} has ${what} ${ofA}, ${b.path} has ${ofB}`, {
      hint: 'Only counts of one domain, made with one tokenizer and the same settings, can be merged.',
      where: { file: b.path },
    });
  for (const key of ['domain', 'vocabulary', 'groups', 'acrossDocuments'] as const) {
    if (a.header[key] !== b.header[key]) throw differ(key, a.header[key], b.header[key]);
  }
  const [ofA, ofB] = [a.header.tokenizer, b.header.tokenizer];
  const areSame = ofA === null || ofB === null ? ofA === ofB : sameTokenizer(ofA, ofB);
  if (!areSame) throw differ('tokenizer', describe(ofA), describe(ofB));
}

function describe(tokenizer: TokenizerIdentity | null): string {
  return tokenizer === null ? 'unknown' : `${tokenizer.name} (${tokenizer.version}, Unicode ${tokenizer.unicode})`;
}

/** Of the names one tokenizer goes by. */
function firstByName(tokenizers: readonly (TokenizerIdentity | null)[]): TokenizerIdentity | null {
  return tokenizers.reduce((a, b) => (a === null || (b !== null && b.name < a.name) ? b : a));
}

function sumByGroup(counts: readonly (readonly number[])[]): number[] {
  return counts.reduce<number[]>(
    (sums, next) => sums.map((sum, group) => sum + next[group]),
    counts[0].map(() => 0),
  );
}

function sumOrNull(bytes: readonly (number | null)[]): number | null {
  return bytes.reduce((sum, next) => (sum === null || next === null ? null : sum + next), 0);
}

function mergeSources(files: readonly NamedHeader[]): CountedFile[] {
  const byPath = new Map<string, { source: CountedFile; from: string }>();
  for (const { path, header } of files) {
    for (const source of header.sources) {
      const known = byPath.get(source.path);
      const merged = known === undefined ? source : mergeParts(known.source, known.from, source, path);
      byPath.set(source.path, { source: merged, from: path });
    }
  }
  return [...byPath.values()].map(({ source }) => source).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function mergeParts(a: CountedFile, fileA: string, b: CountedFile, fileB: string): CountedFile {
  const refuse = (what: string) =>
    new BimixError('invalid-counts', `invalid count files: ${fileA} and ${fileB} ${what}`, {
      hint: 'Merge each part once, all of them counted from the same files with the same settings.',
      where: { file: fileB },
    });
  if (a.bytes !== b.bytes || a.fingerprint !== b.fingerprint) throw refuse(`saw two different files as ${a.path}`);
  if (a.of !== b.of || a.limit !== b.limit) throw refuse(`both hold tokens of ${a.path}, which they cut differently`);
  const twice = a.parts.find(part => b.parts.includes(part));
  if (twice !== undefined) throw refuse(`both hold ${a.of === 1 ? '' : `part ${twice + 1} of ${a.of} of `}${a.path}`);
  return {
    ...a,
    position: Math.min(a.position, b.position),
    parts: [...a.parts, ...b.parts].sort((p, q) => p - q),
    notes: [...new Set([...a.notes, ...b.notes])].sort(),
  };
}
