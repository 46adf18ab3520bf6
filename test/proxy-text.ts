/** Small texts of different kinds, and runs on them. */

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import type { ProxyDomain, ProxyRun } from '../src/proxies/index.ts';

const WORDS: Readonly<Record<string, readonly string[]>> = {
  prose: ['the', 'whale', 'was', 'seen', 'from', 'a', 'ship', 'at', 'dawn', 'and', 'nobody', 'spoke'],
  code: ['let', 'x', '=', 'f(y);', 'if', '(x)', '{', '}', 'return', 'y;', 'for', 'of'],
  sums: ['12', '+', '7', '=', '19', '\n', '3', '*', '5', '15', '-', '40'],
};

/** Documents of about `length` words of one kind, the same for the same seed. */
export function wordDocuments(kind: string, count: number, length: number, seed: number): string[] {
  const random = mersenne(seed);
  const words = WORDS[kind];
  return Array.from({ length: count }, () =>
    Array.from(
      { length: uniformInt(random, 1, 2 * length) },
      () => words[uniformInt(random, 0, words.length - 1)],
    ).join(' '),
  );
}

export function writeDocuments(file: string, documents: readonly string[]): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, documents.map(text => `${JSON.stringify({ text })}\n`).join(''));
  return file;
}

/** The domains `prose`, `code` and `sums`, written below a folder. */
export function wordDomains(folder: string): readonly ProxyDomain[] {
  return Object.keys(WORDS).map((name, d) => ({
    name,
    train: [writeDocuments(path.join(folder, name, 'train.jsonl'), wordDocuments(name, 60, 40, d))],
    validation: [writeDocuments(path.join(folder, name, 'validation.jsonl'), wordDocuments(name, 12, 40, 100 + d))],
  }));
}

/** A run of 60 steps of 4 sequences of 32 tokens. */
export function smallRun(domains: readonly ProxyDomain[], changes: Partial<ProxyRun> = {}): ProxyRun {
  return {
    name: 'small',
    weights: { prose: 0.55, code: 0.45, sums: 0 },
    tokens: 60 * 128,
    seed: 1,
    model: { vocabulary: 256, context: 32, width: 16, layers: 1, heads: 2 },
    optimizer: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, clip: 1 },
    learningRate: { peak: 3e-3, warmup: 0.1, schedule: 'constant', final: 1 },
    sequences: 4,
    domains,
    evaluation: { at: [1280, 2560, 5120, 7680], tokens: 512 },
    ...changes,
  };
}
