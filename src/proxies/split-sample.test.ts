import { describe, expect, test } from 'vitest';
import { type SampleDocument, splitSample } from './split-sample.ts';

/** Words drawn by a generator of its own: no two documents share a window. */
function prose(seed: number, bytes: number): string {
  let state = seed + 1;
  let text = '';
  while (text.length < bytes) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += `${(state >>> 4).toString(36)} `;
  }
  return text.slice(0, bytes).trimEnd();
}

const documents: readonly SampleDocument[] = Array.from({ length: 200 }, (_, index) => ({
  id: `d${index}`,
  text: prose(index, 5_000 + 10 * index),
}));

const idsOf = (split: readonly SampleDocument[]) => split.map(({ id }) => id);
const bytesOf = (split: readonly SampleDocument[]) =>
  split.reduce((total, { text }) => total + Buffer.byteLength(text), 0);

describe('a split', () => {
  test('holds every document once, a tenth of the bytes in validation', () => {
    const { train, validation, leftOut, seen } = splitSample(documents, 1e9);
    expect([...idsOf(train), ...idsOf(validation)].sort()).toEqual(idsOf(documents).sort());
    expect(bytesOf(validation) / bytesOf(documents)).toBeGreaterThanOrEqual(0.1);
    expect(bytesOf(validation) / bytesOf(documents)).toBeLessThan(0.1125);
    expect(leftOut).toEqual({ short: 0, damaged: 0, exact: 0, near: 0, beyond: 0 });
    expect(seen).toBeLessThan(0.001);
  });

  test('does not depend on the order or the names of the documents', () => {
    const { validation } = splitSample(documents, 5e5);
    const renamed = [...documents].reverse().map(({ text }, index) => ({ id: `other${index}`, text }));
    expect(splitSample(renamed, 5e5).validation.map(({ text }) => text)).toEqual(
      validation.map(({ text }) => text).reverse(),
    );
  });

  test('keeps to the bytes and counts what is beyond them', () => {
    const { train, validation, leftOut } = splitSample(documents, 3e5);
    expect(bytesOf(train) + bytesOf(validation)).toBeLessThanOrEqual(3e5);
    expect(bytesOf(train) + bytesOf(validation)).toBeGreaterThan(3e5 - 8_000);
    expect(train.length + validation.length + leftOut.beyond).toBe(documents.length);
  });

  test('of little text has 60 kB of validation', () => {
    const { validation } = splitSample(documents, 3e5);
    expect(bytesOf(validation)).toBeGreaterThanOrEqual(60_000);
    expect(bytesOf(validation)).toBeLessThan(67_500);
  });

  test('has no long document in validation', () => {
    const long = { id: 'long', text: prose(999, 60_000) };
    expect(idsOf(splitSample([...documents, long], 1e9).train)).toContain('long');
  });
});

describe('duplicates', () => {
  test('of the same text but for spaces and case are exact', () => {
    const [first] = documents;
    const copy = { id: 'copy', text: `\r\n ${first.text.toUpperCase().replaceAll(' ', '\n\n')}` };
    const { train, validation, leftOut } = splitSample([...documents, copy], 1e9);
    expect(leftOut).toMatchObject({ exact: 1, near: 0 });
    expect([...idsOf(train), ...idsOf(validation)]).not.toContain('copy');
  });

  test('of more than half of their text are near', () => {
    const most = documents.map(({ id, text }) => ({
      id: `${id}-most`,
      text: `${text.slice(0, 4_000)}${prose(7, 1_500)}`,
    }));
    const { train, validation, leftOut } = splitSample([...documents, ...most], 1e9);
    const bases = [...train, ...validation].map(({ id }) => id.replace('-most', ''));
    expect(new Set(bases).size).toBe(bases.length);
    expect(leftOut.near).toBe(200);
  });

  test('of less than half of their text stay', () => {
    const third = documents.map(({ id, text }, index) => ({
      id: `${id}-third`,
      text: `${text.slice(0, 1_500)}${prose(5_000 + index, 3_500)}`,
    }));
    expect(splitSample([...documents, ...third], 1e9).leftOut.near).toBe(0);
  });

  test('a validation document that a longer training document contains is left out', () => {
    const { validation } = splitSample(documents, 1e9);
    const whole = { id: 'whole', text: validation.map(({ text }) => text).join('\n') + prose(31, 200_000) };
    const split = splitSample([...documents, whole], 1e9);
    expect(idsOf(split.train)).toContain('whole');
    expect(split.validation.filter(({ text }) => whole.text.includes(text))).toEqual([]);
    expect(split.leftOut.near).toBeGreaterThan(0);
  });
});

test('documents under 64 bytes and documents with lost characters are left out', () => {
  const odd = [
    { id: 'tiny', text: 'x'.repeat(63) },
    { id: 'lost', text: `S\ufffdHOU\ufffdTO ${prose(1_000, 500)}` },
    { id: 'binary', text: `\0${prose(1_001, 500)}` },
  ];
  expect(splitSample([...documents, ...odd], 1e9).leftOut).toMatchObject({ short: 1, damaged: 2 });
});
