/**
 * What tokenizing costs, and whether the ids are right.
 *
 * Run: npx tsc -p bench && node bench/build/bench/tokenizers.bench.js [--megabytes 120] [--slow 20] [directory ...]
 *
 * Reads real text (UTF-8 files, gzip undone, one document a file) from the directories, by default what a Debian machine
 * and node_modules hold, an equal part from each. Our encoders take all of it and count the ids, as counting does; the
 * others take every so manieth document, up to about `slow` MB, and their ids are compared with ours. One thread; MB/s by
 * processor time, so that other work on the machine hardly counts, and by the clock.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import { encode as otherO200k } from 'gpt-tokenizer/encoding/o200k_base';
import { encode as otherGpt2 } from 'gpt-tokenizer/encoding/r50k_base';
import { Tiktoken } from 'js-tiktoken/lite';
import gpt2Ranks from 'js-tiktoken/ranks/gpt2';
import o200kRanks from 'js-tiktoken/ranks/o200k_base';
import { BpeTrainer, createTokenizer, type Tokenizer } from '../src/corpus/index.ts';
import { addedToken, tokenizerFile } from '../test/tokenizer-files.ts';

const { values, positionals } = parseArgs({
  options: { megabytes: { type: 'string', default: '120' }, slow: { type: 'string', default: '20' } },
  allowPositionals: true,
});
const directories =
  positionals.length > 0
    ? positionals
    : ['/usr/share/doc', '/usr/lib/python3', '/usr/include', '/usr/share/perl', '/usr/share/man', 'node_modules'];

const texts = readTexts(directories, Number(values.megabytes) * 1e6);
const megabytes = sizeOf(texts);
const every = Math.max(1, Math.round(megabytes / Number(values.slow)));
const few = texts.filter((_, i) => i % every === 0);
console.log(`${megabytes.toFixed(1)} MB in ${texts.length} documents; the slow ones: ${sizeOf(few).toFixed(1)} MB`);
console.log('tokenizer'.padEnd(34), 'MB/s cpu  MB/s clock      tokens  documents with other ids');

const gpt2Tiktoken = new Tiktoken(gpt2Ranks);
const o200kTiktoken = new Tiktoken(o200kRanks);
const gpt2 = await createTokenizer({ kind: 'ranks', name: 'gpt2' });
const o200k = await createTokenizer({ kind: 'ranks', name: 'o200k' });
measureOwn('bytes', await createTokenizer({ kind: 'bytes' }));
measureOwn('gpt2', gpt2);
measureOther('gpt2, js-tiktoken', text => gpt2Tiktoken.encode(text, [], []), gpt2);
measureOther('gpt2, gpt-tokenizer', text => otherGpt2(text, { disallowedSpecial: new Set() }), gpt2);
await measureFile();
measureOwn('o200k', o200k);
measureOther('o200k, js-tiktoken', text => o200kTiktoken.encode(text, [], []), o200k);
measureOther('o200k, gpt-tokenizer', text => otherO200k(text, { disallowedSpecial: new Set() }), o200k);
await measureTraining();
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1e3).toFixed(0)} MB, of it the texts`);

async function measureFile(): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), 'bimix-'));
  const file = path.join(directory, 'tokenizer.json');
  const content = tokenizerFile(gpt2Ranks, { added_tokens: [addedToken(50_256, '<|endoftext|>')] });
  writeFileSync(file, content);
  const own = await createTokenizer({ kind: 'file', path: file });
  const library = new LibraryTokenizer(JSON.parse(content), {});
  rmSync(directory, { recursive: true });
  measureOwn('tokenizer.json of GPT-2', own);
  measureOther('the same, @huggingface/tokenizers', text => library.encode(text).ids, own);
}

async function measureTraining(): Promise<void> {
  const trainer = new BpeTrainer();
  const before = clock();
  for (const text of few) trainer.add(text);
  const counted = clock();
  const merges = trainer.merges(8192);
  const trained = await createTokenizer({ kind: 'bpe', merges });
  console.log(
    `bpe:8192 trained on ${sizeOf(few).toFixed(1)} MB: ${((counted - before) / 1e3).toFixed(1)} s for the words, ${((clock() - counted) / 1e3).toFixed(1)} s for the merges`,
  );
  measureOwn(trained.identity.name, trained);
}

function measureOwn(name: string, tokenizer: Tokenizer): void {
  const counts = new Float64Array(tokenizer.vocabulary);
  const [cpu, wall] = [clock(), performance.now()];
  for (const text of texts) for (const id of tokenizer.encode(text)) counts[id]++;
  const tokens = counts.reduce((sum, count) => sum + count, 0);
  print(name, megabytes, clock() - cpu, performance.now() - wall, tokens, '');
}

function measureOther(name: string, encode: (text: string) => readonly number[], own: Tokenizer): void {
  const [cpu, wall] = [clock(), performance.now()];
  const encoded = few.map(text => Uint32Array.from(encode(text)));
  const [cpuTime, wallTime] = [clock() - cpu, performance.now() - wall];
  const different = few.filter(
    (text, i) => !Buffer.from(encoded[i].buffer).equals(Buffer.from(own.encode(text).buffer)),
  );
  const why = different.filter(text => !/[\u0085\ufeff]/.test(text)).length;
  const tokens = encoded.reduce((sum, ids) => sum + ids.length, 0);
  const note = `${different.length} of ${few.length}${different.length === 0 ? '' : `, ${why} without U+0085 and U+FEFF`}`;
  print(name, sizeOf(few), cpuTime, wallTime, tokens, note);
}

function print(name: string, size: number, cpu: number, wall: number, tokens: number, note: string): void {
  const rates = [cpu, wall].map(ms => ((1e3 * size) / ms).toFixed(1));
  console.log(name.padEnd(34), rates[0].padStart(8), rates[1].padStart(11), String(tokens).padStart(11), '', note);
}

/** Milliseconds of processor time so far. */
function clock(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

function sizeOf(list: readonly string[]): number {
  return list.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
}

/** Files of the directories in order of name, until each has given its part. */
function readTexts(roots: readonly string[], bytes: number): string[] {
  const found: string[] = [];
  let wanted = 0;
  let got = 0;
  for (const root of roots) {
    wanted += bytes / roots.length;
    for (const file of filesOf(root)) {
      if (got >= wanted) break;
      const text = readText(file);
      if (text === undefined) continue;
      found.push(text);
      got += Buffer.byteLength(text);
    }
  }
  return found;
}

function* filesOf(directory: string): Generator<string> {
  const entries = readdirSync(directory, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) yield* filesOf(file);
    else if (entry.isFile()) yield file;
  }
}

/** Undefined for what is empty, binary, not UTF-8, or above 4 MB: generated. */
function readText(file: string): string | undefined {
  let content = readFileSync(file);
  if (content[0] === 0x1f && content[1] === 0x8b) content = gunzipSync(content);
  if (content.length === 0 || content.length > 4e6 || content.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}
