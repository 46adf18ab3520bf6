/** Every reader on mutated inputs: 2,000 here, as many as asked for by `npm run fuzz`, which continues where it was stopped. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readerNames } from '../../src/corpus/index.ts';
import { IMPORTERS } from '../../src/importers/index.ts';
import { fuzz } from './harness.ts';
import { allSeeds } from './seeds.ts';

const asked = process.env.FUZZ_INPUTS;
const INPUTS = Number(asked ?? 2000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const FAILED = path.resolve(process.env.FUZZ_FOLDER ?? 'fuzz-failures');
const PROGRESS = path.join(FAILED, `progress-${SEED}.json`);

interface Progress {
  readonly done: number;
  readonly failures: readonly string[];
}

const before: Progress =
  asked !== undefined && existsSync(PROGRESS) ? JSON.parse(readFileSync(PROGRESS, 'utf8')) : { done: 0, failures: [] };

test(`${INPUTS} inputs of seed ${SEED}: read or refused in words, in time, with finite numbers, never a cut file for a whole one`, {
  timeout: 120_000 + INPUTS * 1000,
}, async () => {
  const shown = [...before.failures];
  const { formats, read, refused } = await fuzz(await allSeeds(), {
    ...{ seed: SEED, from: before.done, inputs: INPUTS, keepIn: FAILED },
    progress: (done, failure) => {
      if (failure !== undefined) {
        shown.push(
          `${failure.seed} ${failure.input}: ${failure.file}, ${failure.done}: ${failure.message} (${failure.folder})`,
        );
      }
      if (asked === undefined || done === 0 || (done % 1000 !== 0 && done !== INPUTS)) return;
      mkdirSync(FAILED, { recursive: true });
      writeFileSync(PROGRESS, JSON.stringify({ done, failures: shown }));
      console.log(`${done} of ${INPUTS} inputs, ${shown.length} failures`);
    },
  });
  if (asked !== undefined) rmSync(PROGRESS, { force: true });
  expect(shown).toEqual([]);
  expect([...IMPORTERS.map(({ name }) => name), ...readerNames()].filter(name => !formats.has(name))).toEqual([]);
  const inputs = Math.max(0, INPUTS - before.done);
  expect(read).toBeGreaterThanOrEqual(Math.floor(inputs / 10));
  expect(refused).toBeGreaterThanOrEqual(Math.floor(inputs / 10));
});
