import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mixedText } from '../../test/mixed-text.ts';
import { BpeTrainer } from './bpe-training.ts';
import { gpt2Pattern, preTokenExpression } from './pre-token-pattern.ts';

function trained(texts: readonly string[], vocabulary: number): readonly number[] {
  const trainer = new BpeTrainer();
  for (const text of texts) trainer.add(text);
  return trainer.merges(vocabulary);
}

/** The definition: count all pairs of all words again after every merge. */
function trainedByCounting(texts: readonly string[], vocabulary: number): number[] {
  const words = texts.flatMap(text => text.match(preTokenExpression(gpt2Pattern)) ?? []);
  let sequences = words.map(word => [...Buffer.from(word)]);
  const merges: number[] = [];
  for (let result = 256; result < vocabulary; result++) {
    const counts = new Map<string, number>();
    for (const ids of sequences) {
      ids.slice(1).forEach((right, i) => {
        const key = `${ids[i]} ${right}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      });
    }
    const pairs = [...counts].map(([key, count]) => ({ pair: key.split(' ').map(Number), count }));
    pairs.sort((a, b) => b.count - a.count || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1]);
    if (pairs.length === 0 || pairs[0].count < 2) break;
    const [left, right] = pairs[0].pair;
    merges.push(left, right);
    sequences = sequences.map(ids => {
      const replaced: number[] = [];
      for (let i = 0; i < ids.length; i++) {
        if (ids[i] === left && ids[i + 1] === right) {
          replaced.push(result);
          i++;
        } else {
          replaced.push(ids[i]);
        }
      }
      return replaced;
    });
  }
  return merges;
}

test('the most frequent pair comes first; ties go to the lower left id, then the lower right', () => {
  // ab and bc twice each, then what ab left of abc
  expect(trained(['abc', ' abc'], 258)).toEqual([97, 98, 256, 99]);
  expect(trained(['zb', 'za', 'zb', 'za'], 258)).toEqual([122, 97, 122, 98]);
});

test('counting pairs as they change gives what counting them again gives', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'aa', 'ab', 'ba', ' ', 'c', 'é'), { maxLength: 60 });
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          words.map(w => w.join('')),
          mixedText(),
        ),
        { maxLength: 4 },
      ),
      texts => {
        expect(trained(texts, 290)).toEqual(trainedByCounting(texts, 290));
      },
    ),
    { numRuns: 300 },
  );
});

test('the order of texts does not matter', () => {
  const texts = ['the cat sat', 'on the mat', 'that the cat', 'ate'];
  expect(trained([...texts].reverse(), 300)).toEqual(trained(texts, 300));
});

test('it stops where no pair occurs twice, and does nothing without text', () => {
  expect(trained(['abcdefg'], 1000)).toEqual([]);
  expect(trained(['hello', ' hello'], 1000)).toHaveLength(8);
  expect(trained([], 1000)).toEqual([]);
});

test('a word of a million letters is taken in parts', () => {
  const merges = trained(['x'.repeat(1_000_000)], 300);
  expect(merges.slice(0, 6)).toEqual([120, 120, 256, 256, 257, 257]);
  expect(merges).toHaveLength(20);
});
