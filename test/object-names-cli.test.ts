/** Domains called as members that every JavaScript object has. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { invoke } from './invoke.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bimix-names-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);

const NAMES = ['constructor', 'toString', 'hasOwnProperty'];
const SHARES = [
  [0.2, 0.3, 0.5],
  [0.5, 0.3, 0.2],
  [0.3, 0.5, 0.2],
  [0.1, 0.1, 0.8],
  [0.8, 0.1, 0.1],
  [0.1, 0.8, 0.1],
  [0.34, 0.33, 0.33],
];

function runs(names: readonly string[]): string {
  const columns = [...names.map(name => `weight_${name}`), ...names.map(name => `loss_${name}`)];
  const rows = SHARES.flatMap((shares, run) =>
    [1e6, 2e6, 4e6].map(tokens => {
      const losses = shares.map(share => (2 + 0.3 / (share + 0.1) + 200 / Math.sqrt(tokens)).toFixed(4));
      return [`r${run}`, tokens, ...shares, ...losses].join();
    }),
  );
  return [['run', 'tokens', ...columns].join(), ...rows].join('\n');
}

test('are fitted, predicted and optimized like others', async () => {
  writeFileSync(at('runs.csv'), runs(NAMES));
  expect((await invoke('import', at('runs.csv'), '-o', at('runs.jsonl'))).code).toBe(0);
  expect((await invoke('fit', at('runs.jsonl'), '--law', 'bimix', '-o', at('law.json'))).code).toBe(0);
  const { code, out } = await invoke('optimize', at('law.json'), '--tokens', '4M', '--json');
  expect(code).toBe(0);
  const { mixture } = JSON.parse(out);
  expect(Object.keys(mixture).sort()).toEqual([...NAMES].sort());
  for (const name of NAMES) expect(mixture[name]).toBeCloseTo(1 / 3, 1);
  const predicted = await invoke('predict', at('law.json'), '--mixture', 'uniform', '--tokens', '4M');
  expect(predicted.out + predicted.err).not.toContain('native code');
});

test('have their entropies counted like others', async () => {
  const domains = NAMES.map((name, i) => {
    writeFileSync(at(`${i}.jsonl`), `${JSON.stringify({ text: `the text of ${name}, and more of it` })}\n`.repeat(3));
    return `  ${name}: {files: "${i}.jsonl"}`;
  });
  writeFileSync(at('corpus.yaml'), `tokenizer: bytes\ndomains:\n${domains.join('\n')}\n`);
  const { code, out } = await invoke('entropy', at('corpus.yaml'), '-o', at('entropy.json'));
  expect(code).toBe(0);
  expect(out).not.toContain('native code');
  expect((await invoke('mixture', '--from', at('entropy.json'))).code).toBe(0);
});

test.each([
  ['a table', 'p.csv', runs(['__proto__', 'web', 'code']), ['import', 'p.csv', '-o', 'p.jsonl']],
  ['a corpus', 'p.yaml', 'tokenizer: bytes\ndomains:\n  __proto__: {files: a}\n', ['entropy', 'p.yaml']],
  ['a JSON mixture', 'p.json', '{"__proto__": 0.5, "web": 0.5}', ['export', 'p.json', '--to', 'csv']],
])('"__proto__" is refused in %s', async (_, name, content, args) => {
  writeFileSync(at(name), content);
  const { code, err } = await invoke(...args.map(arg => (/^p\./.test(arg) ? at(arg) : arg)));
  expect(code).toBe(1);
  expect(err).toMatch(/error: invalid .*"__proto__"/);
});
