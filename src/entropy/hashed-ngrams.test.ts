import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addEmbeddings, emptyGram } from './embedding-gram.ts';
import { HASHED_NGRAM_DIMENSION, hashedNgramEmbedding } from './hashed-ngrams.ts';
import { vonNeumannEntropy } from './von-neumann.ts';

const embed = hashedNgramEmbedding();

function cosine(a: string, b: string): number {
  const [u, v] = [embed(a), embed(b)];
  return u.reduce((sum, value, k) => sum + value * v[k], 0);
}

const CODE = 'for (let i = 0; i < count; i++) total += values[i] * weights[i]; return total / count;';
const MORE_CODE = 'let total = 0; for (let k = 0; k < values.length; k++) total += values[k]; return total;';
const PROSE = 'The harbour was quiet that evening, and the boats lay still beneath a low and reddening sky.';
const MORE_PROSE = 'That evening the sky above the harbour was low and red, and quiet lay upon the boats.';

describe('hashed n-grams', () => {
  test('give 256 numbers of length 1, the same every time', () => {
    const first = embed(PROSE);
    expect(first).toHaveLength(HASHED_NGRAM_DIMENSION);
    expect(Math.hypot(...first)).toBeCloseTo(1, 14);
    embed(CODE);
    expect(embed(PROSE)).toEqual(first);
    expect(hashedNgramEmbedding()(PROSE)).toEqual(first);
  });

  test('put like texts nearer than unlike ones', () => {
    expect(cosine(PROSE, MORE_PROSE)).toBeGreaterThan(cosine(PROSE, CODE) + 0.2);
    expect(cosine(CODE, MORE_CODE)).toBeGreaterThan(cosine(MORE_PROSE, MORE_CODE) + 0.2);
    expect(Math.abs(cosine(PROSE, CODE))).toBeLessThan(0.25);
  });

  test('do not mind how white space is written, but mind case and order of letters', () => {
    expect(embed('  one\n\ttwo ')).toEqual(embed('one two'));
    expect(embed('One two')).not.toEqual(embed('one two'));
    expect(embed('eno owt')).not.toEqual(embed('one two'));
  });

  test('are of any script, and of texts of one character', () => {
    for (const text of ['a', '字', '😀', 'ß', '0']) expect(Math.hypot(...embed(text))).toBeCloseTo(1, 14);
    expect(embed('字')).not.toEqual(embed('a'));
  });

  test('count repeated n-grams less and less', () => {
    const once = embed(PROSE);
    const often = embed(`${PROSE} `.repeat(1000));
    const likeness = once.reduce((sum, value, k) => sum + value * often[k], 0);
    expect(likeness).toBeGreaterThan(0.95);
  });

  test('are all zeros for a text with nothing to show', () => {
    for (const text of ['', '   ', '\n\t\r\n']) expect(embed(text).every(value => value === 0)).toBe(true);
  });

  test('are finite numbers of length 1 for any text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), text => {
        const length = Math.hypot(...embed(text));
        if (text.trim() === '') expect(length).toBe(0);
        else expect(length).toBeCloseTo(1, 12);
      }),
    );
  });

  test('make a set of unlike documents more diverse than a set of like ones', () => {
    const entropyOf = (texts: readonly string[]): number => {
      const gram = emptyGram(HASHED_NGRAM_DIMENSION);
      for (const text of texts) addEmbeddings(gram, embed(text));
      return vonNeumannEntropy(gram);
    };
    expect(entropyOf([PROSE, CODE, '一二三四五六七八九十', '0123456789 9876543210'])).toBeGreaterThan(1.3);
    expect(entropyOf([PROSE, MORE_PROSE])).toBeLessThan(entropyOf([PROSE, CODE]));
  });
});
