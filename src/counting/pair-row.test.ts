import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pairsOf, sorted } from '../../test/counting.ts';
import { NO_ROW, PairBlockReader } from './pair-block-reader.ts';
import { PairBlockWriter } from './pair-block-writer.ts';
import { PairRow } from './pair-row.ts';

function refuse(what: string): never {
  throw new Error(what);
}

/** What is written, read again. */
function roundTrip(vocabulary: number, groups: number, write: (out: PairBlockWriter, row: PairRow) => void) {
  const blocks: Uint8Array[] = [];
  const out = new PairBlockWriter(groups, block => blocks.push(block.slice()));
  write(out, new PairRow(vocabulary, groups));
  out.flush();
  return { blocks, reader: () => readerOf(vocabulary, groups, blocks) };
}

function readerOf(vocabulary: number, groups: number, blocks: readonly Uint8Array[]): PairBlockReader {
  let next = 0;
  return new PairBlockReader(vocabulary, groups, () => blocks[next++] ?? null, refuse);
}

/** Rows as given, written pair by pair. */
function written(vocabulary: number, groups: number, counts: ReadonlyMap<string, readonly number[]>) {
  return roundTrip(vocabulary, groups, out => {
    const pairs = [...counts]
      .map(([key, byGroup]) => ({ ids: key.split(',').map(Number), byGroup }))
      .sort((a, b) => a.ids[0] - b.ids[0] || a.ids[1] - b.ids[1]);
    for (const [i, { ids, byGroup }] of pairs.entries()) {
      if (i === 0 || pairs[i - 1].ids[0] !== ids[0]) out.openRow(ids[0]);
      out.pair(ids[1], Float64Array.from(byGroup));
      if (i + 1 === pairs.length || pairs[i + 1].ids[0] !== ids[0]) out.closeRow();
    }
  });
}

/** The rows of several blocks, added. */
function summed(vocabulary: number, groups: number, readers: readonly PairBlockReader[]) {
  return roundTrip(vocabulary, groups, (out, row) => {
    for (;;) {
      const first = Math.min(...readers.map(reader => reader.first));
      if (first === NO_ROW) break;
      for (const reader of readers) while (reader.first === first) reader.addRowTo(row);
      row.drainTo(out, first);
    }
  });
}

describe('a row of pairs', () => {
  test('comes back as it was written, and added to itself doubled, whatever its ids, groups and counts', () => {
    const entry = fc.record({
      first: fc.nat(40),
      second: fc.nat(262_143),
      group: fc.nat(15),
      count: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 2 ** 40 })),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.array(entry), (groups, entries) => {
        const counts = new Map<string, number[]>();
        for (const { first, second, group, count } of entries) {
          const byGroup = counts.get(`${first},${second}`) ?? new Array(groups).fill(0);
          byGroup[group % groups] += count;
          counts.set(`${first},${second}`, byGroup);
        }
        const { blocks, reader } = written(262_144, groups, counts);
        expect(sorted(pairsOf(reader(), groups))).toEqual(sorted(counts));
        expect(summed(262_144, groups, [reader()]).blocks).toEqual(blocks);
        const twice = pairsOf(summed(262_144, groups, [reader(), reader()]).reader(), groups);
        expect(sorted(twice)).toEqual(sorted(counts).map(([key, byGroup]) => [key, byGroup.map(c => 2 * c)]));
      }),
    );
  });

  test('carries counts that its table cannot hold, counted one by one or added', () => {
    const many = new Uint16Array(70_000).fill(9);
    for (const groups of [1, 16]) {
      const pad = (count: number) => [count, ...new Array(groups - 1).fill(0)];
      const added = written(10, groups, new Map([3, 9].map((id, i) => [`0,${id}`, pad([65_535, 2 ** 45][i])])));
      const { reader } = roundTrip(10, groups, (out, row) => {
        row.addSeconds(many, 0, 70_000, 0);
        row.addSeconds(many, 0, 70_000, 0);
        const pairs = added.reader();
        while (pairs.first === 0) pairs.addRowTo(row);
        row.addSeconds(Uint16Array.of(3), 0, 1, 0);
        row.drainTo(out, 0);
        row.addSeconds(many, 0, 3, 0);
        row.drainTo(out, 1);
      });
      expect([...pairsOf(reader(), groups)]).toEqual([
        ['0,3', pad(65_536)],
        ['0,9', pad(140_000 + 2 ** 45)],
        ['1,9', pad(3)],
      ]);
    }
  });

  test('of 262,144 pairs goes on from block to block', () => {
    const all = Uint32Array.from({ length: 262_144 }, (_, i) => i);
    const { blocks, reader } = roundTrip(262_144, 16, (out, row) => {
      for (let group = 0; group < 16; group++) row.addSeconds(all, 0, all.length, group);
      row.drainTo(out, 262_143);
    });
    expect(blocks.length).toBeGreaterThan(30);
    const pairs = pairsOf(reader(), 16);
    expect(pairs.size).toBe(262_144);
    expect([...pairs.values()].every(counts => counts.every(count => count === 1))).toBe(true);
  });
});

describe('blocks that no writer made', () => {
  const cases: [string, number[], RegExp][] = [
    ['an id beyond the vocabulary', [1, 101, 0], /second token 100 of vocabulary 100/],
    ['a first token beyond the vocabulary', [120, 1, 0, 0], /first token 119 of vocabulary 100/],
    ['a group that is not there', [1, 1, 6], /group 3 of 3/],
    ['a number cut off', [1, 130], /cut off|second token/],
    ['a pair cut off', [1, 1], /cut off|second token/],
  ];
  test.each(cases)('%s is refused', (_, bytes, message) => {
    const reader = () => readerOf(100, 3, [Uint8Array.from(bytes)]);
    expect(() => pairsOf(reader(), 3)).toThrow(message);
    expect(() => {
      const blocks = reader();
      while (blocks.first < 100) blocks.addRowTo(new PairRow(100, 3));
    }).toThrow(message);
  });

  test('rows out of order are refused', () => {
    const row = (first: number) => Uint8Array.from([first + 1, 1, 0, 0]);
    expect(() => pairsOf(readerOf(100, 3, [row(7), row(6)]), 3)).toThrow('row 6 after row 7');
  });
});
