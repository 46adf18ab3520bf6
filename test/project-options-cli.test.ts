/** `--project`: an optimum under what a bimix.yaml says. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { invoke } from './invoke.ts';
import { simulatedCsv } from './simulated-runs.ts';

let folder: string;
const at = (name: string): string => path.join(folder, name);

const PROJECT = `domains:
  web: {available: 4B}
  code: {available: 20B, share: [0.1, 0.6]}
  books: {available: 20B}
budget: 10B
max_epochs: 1
objective: {web: 2, code: 1, books: 1}
trainer: {command: 'train {mixture_file}', losses: {files: losses.jsonl}}
`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bimix-project-options-'));
  await writeFile(at('runs.csv'), simulatedCsv(12, 0.002));
  await writeFile(at('bimix.yaml'), PROJECT);
  await writeFile(at('bounds.yaml'), 'code: [0.1, 0.6]\n');
  await invoke('import', at('runs.csv'), '-o', at('runs.jsonl'));
  await invoke('fit', at('runs.jsonl'), '--law', 'bimix', '-o', at('law.json'));
});

afterAll(() => rm(folder, { recursive: true }));

const optimum = async (...args: readonly string[]) => {
  const { code, out, err } = await invoke('optimize', at('law.json'), ...args, '--json');
  expect(err, err).toBe('');
  expect(code).toBe(0);
  return JSON.parse(out);
};

test('is the optimum of the same options, spelled out', async () => {
  const spelled = await optimum(
    ...['--tokens', '10B', '--available', 'web:4B,code:20B,books:20B', '--max-epochs', '1'],
    ...['--weights', 'web:2,code:1,books:1', '--bounds', at('bounds.yaml')],
  );
  const proposal = await optimum('--project', at('bimix.yaml'));
  expect(proposal).toEqual(spelled);
  expect(proposal.mixture.web).toBeLessThanOrEqual(0.4 + 1e-9);
});

test('options beside it say otherwise', async () => {
  const equal = await optimum('--project', at('bimix.yaml'), '--weights', 'web:1,code:1,books:1', '--tokens', '8B');
  expect(equal.volume.value).toBe(8e9);
  expect(equal.objective).not.toBe((await optimum('--project', at('bimix.yaml'))).objective);
});

test('a file that is no project is refused with its place', async () => {
  const { code, err } = await invoke('optimize', at('law.json'), '--project', at('bounds.yaml'));
  expect(code).toBe(1);
  expect(err).toMatch(/unknown key[\s\S]*bounds\.yaml:1/);
});
