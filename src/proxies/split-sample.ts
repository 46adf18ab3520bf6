/** Documents of one domain without duplicates, shortened to a number of bytes, split into training and validation. */

import { createHash } from 'node:crypto';
import { normalizedBytes, shareSeen, WINDOW, windowsOf } from './text-windows.ts';

export interface SampleDocument {
  readonly id: string;
  readonly text: string;
}

export interface SampleSplit {
  /** In the order they came in. */
  readonly train: readonly SampleDocument[];
  readonly validation: readonly SampleDocument[];
  /** Documents left out. */
  readonly leftOut: {
    /** Under 64 bytes. */
    readonly short: number;
    /** With a NUL or the mark of a character that was lost, U+FFFD. */
    readonly damaged: number;
    /** Same text but for white space and the case of A to Z. */
    readonly exact: number;
    /** More than half of it is in others. */
    readonly near: number;
    /** Over the bytes asked for. */
    readonly beyond: number;
  };
  /** Share of the windows of all validation text that training text has too, from 0 to 1. */
  readonly seen: number;
}

/** A document is a near-duplicate when more than this share of its windows is in documents already taken. */
const NEAR_DUPLICATE = 0.5;

/** Share of the bytes that go to validation, and the least number of bytes, where there are as many. */
const VALIDATION_SHARE = 0.1;
const VALIDATION_BYTES = 60_000;

/** No document is more than this share of the validation bytes, so that one author or subject cannot stand for all. */
const LONGEST_SHARE = 1 / 8;

interface Candidate {
  readonly document: SampleDocument;
  readonly index: number;
  readonly bytes: number;
  readonly normalized: Uint8Array;
  readonly hash: string;
}

interface Taken extends Candidate {
  readonly windows: ReadonlySet<number>;
}

/**
 * Takes whole documents in the order of the SHA-256 hash of their text, so that neither order nor names decide, until the
 * next would exceed the bytes. Duplicates are passed over. The first tenth of the bytes (at least 60 kB) is validation, but
 * documents longer than an eighth of that are always training. A validation document more than half of which is in the
 * training documents is left out, and the split made again.
 *
 * @param bytes most bytes of UTF-8 on both sides together
 */
export function splitSample(documents: readonly SampleDocument[], bytes: number): SampleSplit {
  const whole = documents.filter(({ text }) => !/[\0\ufffd]/.test(text));
  const candidates = whole.map((document, index) => candidateOf(document, index));
  const long = candidates.filter(({ normalized }) => normalized.length >= 2 * WINDOW);
  const { taken, exact, near, beyond } = take(long.sort(byHash), bytes);
  const { validation, train, leaked } = divideWithoutLeaks(taken);
  return {
    train: inOrder(train),
    validation: inOrder(validation),
    leftOut: {
      short: candidates.length - long.length,
      damaged: documents.length - whole.length,
      exact,
      near: near + leaked,
      beyond,
    },
    seen: shareSeen(windowsOfAll(validation), windowsOfAll(train)),
  };
}

function candidateOf({ id, text }: SampleDocument, index: number): Candidate {
  const document = { id, text: cleaned(text) };
  const normalized = normalizedBytes(document.text);
  return {
    document,
    index,
    bytes: Buffer.byteLength(document.text),
    normalized,
    hash: createHash('sha256').update(normalized).digest('hex'),
  };
}

/** Lines end in \n; no byte order mark, no blank space at the ends. */
function cleaned(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').trim();
}

function byHash(a: Candidate, b: Candidate): number {
  return a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : a.index - b.index;
}

function take(candidates: readonly Candidate[], most: number) {
  const taken: Taken[] = [];
  const seen = new Set<number>();
  let [exact, near, total, at] = [0, 0, 0, 0];
  for (; at < candidates.length; at++) {
    const candidate = candidates[at];
    if (candidate.hash === candidates[at - 1]?.hash) {
      exact++;
      continue;
    }
    const windows = windowsOf(candidate.normalized);
    if (shareSeen(windows, seen) > NEAR_DUPLICATE) {
      near++;
      continue;
    }
    if (total + candidate.bytes > most) break;
    total += candidate.bytes;
    taken.push({ ...candidate, windows });
    for (const window of windows) seen.add(window);
  }
  return { taken, exact, near, beyond: candidates.length - at };
}

function divideWithoutLeaks(taken: readonly Taken[]) {
  let kept = taken;
  for (;;) {
    const { validation, train } = divide(kept);
    const trained = windowsOfAll(train);
    const leaks = new Set(validation.filter(({ windows }) => shareSeen(windows, trained) > NEAR_DUPLICATE));
    if (leaks.size === 0) return { validation, train, leaked: taken.length - kept.length };
    kept = kept.filter(document => !leaks.has(document));
  }
}

function divide(taken: readonly Taken[]) {
  const total = taken.reduce((sum, { bytes }) => sum + bytes, 0);
  const wanted = Math.max(VALIDATION_SHARE * total, Math.min(VALIDATION_BYTES, total / 2));
  const validation: Taken[] = [];
  const train: Taken[] = [];
  let held = 0;
  for (const document of taken) {
    const isHeld = held < wanted && document.bytes <= LONGEST_SHARE * wanted;
    if (isHeld) held += document.bytes;
    (isHeld ? validation : train).push(document);
  }
  return { validation, train };
}

function windowsOfAll(documents: readonly Taken[]): ReadonlySet<number> {
  const all = new Set<number>();
  for (const { windows } of documents) for (const window of windows) all.add(window);
  return all;
}

function inOrder(taken: readonly Taken[]): SampleDocument[] {
  return [...taken].sort((a, b) => a.index - b.index).map(({ document }) => document);
}
