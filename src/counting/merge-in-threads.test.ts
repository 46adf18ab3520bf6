import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkerTask } from './count-worker.ts';
import { CountsFileReader } from './counts-file.ts';
import { mergeCountFiles } from './merge-counts.ts';
import { mergeInThreads } from './merge-in-threads.ts';
import { joinRanges, mergeRange, rangesOf } from './merge-ranges.ts';
import { TokenCounter } from './token-counter.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bimix-ranges-'));
afterAll(() => rmSync(folder, { recursive: true }));

const VOCABULARY = 3000;

/** Counts of pseudo-random tokens; ids of a few files only are among the upper ones. */
async function countTokens(name: string, position: number, length: number): Promise<string> {
  const counter = new TokenCounter({
    vocabulary: VOCABULARY,
    groups: 2,
    acrossDocuments: false,
    memoryBytes: 64 << 20,
    scratch: folder,
  });
  counter.startFile(position, 0);
  let x = position + 1;
  const limit = position % 2 === 0 ? VOCABULARY : 700;
  const tokens = Uint16Array.from({ length }, () => {
    x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff;
    return (x >>> 14) % limit;
  });
  counter.add({ tokens, ends: Uint32Array.of(length >> 1, length), continues: false });
  const out = path.join(folder, name);
  const source = { path: name, bytes: 1, fingerprint: '', position, of: 1, parts: [0], limit: null, notes: [] };
  await counter.finish(out, { domain: 'd', tokenizer: null, textBytes: null, sources: [source] });
  return out;
}

describe('a merge by ranges of first tokens', () => {
  const parts: string[] = [];
  let whole: Buffer;
  beforeAll(async () => {
    for (let position = 0; position < 4; position++) {
      parts.push(await countTokens(`part-${position}`, position, [400_000, 300_000, 20, 100_000][position]));
    }
    const out = path.join(folder, 'whole');
    await mergeCountFiles(parts, out);
    whole = readFileSync(out);
  });

  test('gives the file that one merge gives, bit for bit, for any number of ranges', async () => {
    for (const count of [1, 2, 3, 5, 12, 100]) {
      const ranges = rangesOf(parts[0], count);
      expect(ranges.length).toBeLessThanOrEqual(Math.min(count, Math.ceil(VOCABULARY / 256)));
      const runs = ranges.map((_, i) => path.join(folder, `run-${count}-${i}`));
      for (const [i, range] of ranges.entries()) await mergeRange(parts, range, runs[i]);
      const out = path.join(folder, `joined-${count}`);
      await joinRanges(parts, runs, out, path.join(folder, 'unfinished'));
      expect(readFileSync(out).equals(whole)).toBe(true);
    }
  });

  test('cuts a file into ranges of about equal size, which follow each other', () => {
    const ranges = rangesOf(parts[0], 3);
    expect(ranges.map(({ from }) => from)).toEqual([0, ...ranges.slice(0, -1).map(({ to }) => to)]);
    const bytes = ranges.map(({ from, to }) => {
      const file = new CountsFileReader(parts[0]);
      const blocks = [...file.blocks()].filter(({ stretch }) => stretch >= from && stretch < to);
      file.close();
      return blocks.reduce((sum, block) => sum + block.bytes, 0);
    });
    expect(Math.max(...bytes)).toBeLessThan(1.5 * Math.min(...bytes));
  });
});

describe('merging by several workers', () => {
  /** Does tasks here, and notes them. */
  function workers(done: string[]) {
    return async (task: WorkerTask) => {
      done.push(task.kind);
      if (task.kind === 'merge') await mergeCountFiles(task.paths, task.out);
      if (task.kind === 'merge-range') await mergeRange(task.paths, task.range, task.run);
      if (task.kind === 'join-ranges') await joinRanges(task.paths, task.runs, task.out, task.scratch);
    };
  }

  test('many small files go by groups, large ones by ranges, to the same file', async () => {
    const large: string[] = [];
    for (let position = 0; position < 3; position++) {
      large.push(await countTokens(`large-${position}`, 2 * position, 4_500_000));
    }
    const small: string[] = [];
    for (let position = 0; position < 70; position++)
      small.push(await countTokens(`small-${position}`, position, 1000));
    const scratch = mkdtempSync(path.join(folder, 'scratch-'));
    for (const [files, expected] of [
      [small, ['merge', 'merge', 'merge']],
      [large, ['merge-range', 'merge-range', 'join-ranges']],
      [
        [...large, ...small],
        ['merge', 'merge', 'merge-range', 'merge-range', 'join-ranges'],
      ],
    ] as const) {
      const done: string[] = [];
      const out = path.join(folder, 'by-workers');
      await mergeInThreads(files, out, { workers: 2, scratch, name: 'm' }, workers(done));
      expect(done).toEqual(expected);
      const once = path.join(folder, 'once');
      await mergeCountFiles(files, once);
      expect(readFileSync(out).equals(readFileSync(once))).toBe(true);
      expect(readdirSync(scratch)).toEqual([]);
    }
  });
});
