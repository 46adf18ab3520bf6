/** Every reader on mutated inputs: 2,000 here, as many as asked for by `npm run fuzz`. */

import path from 'node:path';
import { expect, test } from 'vitest';
import { fuzz } from './harness.ts';
import { allSeeds } from './seeds.ts';

const INPUTS = Number(process.env.FUZZ_INPUTS ?? 2000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const FAILED = path.resolve(process.env.FUZZ_FOLDER ?? 'fuzz-failures');

test(`${INPUTS} inputs of seed ${SEED}: read or refused in words, in time, with finite numbers, never a cut file for a whole one`, {
  timeout: INPUTS * 1000,
}, async () => {
  const seeds = allSeeds();
  const progress = (done: number, failures: number): void => {
    if (process.env.FUZZ_INPUTS !== undefined && done % 1000 === 0) console.log(`${done} inputs, ${failures} failures`);
  };
  const { failures, read, refused } = await fuzz(seeds, { seed: SEED, inputs: INPUTS, keepIn: FAILED, progress });
  const shown = failures.map(({ seed, input, file, done, message, folder }) => {
    return `${seed} ${input}: ${file}, ${done}: ${message} (${folder})`;
  });
  expect(shown).toEqual([]);
  expect(read).toBeGreaterThan(INPUTS / 10);
  expect(refused).toBeGreaterThan(INPUTS / 10);
});
