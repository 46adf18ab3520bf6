/**
 * Run tables as large as people have them, to measure memory with: `node large-files.js long FILE MEGABYTES`, `wide`, or
 * `runs FILE RUNS DOMAINS CHECKPOINTS`. Measure with `/usr/bin/time -v node dist/cli/main.js import FILE -o runs.jsonl`.
 */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

const DOMAINS = 22;
const CHECKPOINTS = 50;

const [shape, file, ...sizes] = process.argv.slice(2);
const out = createWriteStream(file);

/** Loss by run, checkpoint and domain: a power of tokens and share, with some noise that repeats. */
function lossOf(run: number, checkpoint: number, domain: number): number {
  const noise = Math.sin(run * 12.9898 + checkpoint * 78.233 + domain * 37.719) * 0.01;
  return 1.5 + domain / 20 + 1.2 * (checkpoint + 1) ** -0.3 * (0.02 + shareOf(run, domain)) ** -0.05 + noise;
}

function shareOf(run: number, domain: number, domains = DOMAINS): number {
  const weight = (d: number): number => 1 + Math.sin(run * 3.7 + d * 1.3) ** 2 * 5;
  let total = 0;
  for (let d = 0; d < domains; d++) total += weight(d);
  return weight(domain) / total;
}

function* longLines(): Generator<string> {
  const names = Array.from({ length: DOMAINS }, (_, d) => `domain_${d}`);
  yield `run,tokens,${names
    .map(name => `weight_${name}`)
    .slice(0, 3)
    .join()},domain,loss\n`;
  for (let run = 0; ; run++) {
    const shares = [0, 1, 2].map(d => shareOf(run, d, 3)).join();
    for (let c = 0; c < CHECKPOINTS; c++) {
      const head = `run-${run},${(c + 1) * 2_097_152_000},${shares}`;
      for (let d = 0; d < DOMAINS; d++) yield `${head},${names[d]},${lossOf(run, c, d)}\n`;
    }
  }
}

function* wideLines(): Generator<string> {
  const names = Array.from({ length: DOMAINS }, (_, d) => `domain_${d}`);
  yield `run,tokens,${names.map(name => `weight_${name}`).join()},${names.map(name => `${name}_loss`).join()}\n`;
  for (let run = 0; ; run++) {
    const shares = names.map((_, d) => shareOf(run, d)).join();
    for (let c = 0; c < CHECKPOINTS; c++) {
      yield `run-${run},${(c + 1) * 2_097_152_000},${shares},${names.map((_, d) => lossOf(run, c, d)).join()}\n`;
    }
  }
}

function* runLines(runs: number, domains: number, checkpoints: number): Generator<string> {
  const names = Array.from({ length: domains }, (_, d) => `domain_${d}`);
  yield `run,tokens,${names.map(name => `weight_${name}`).join()},${names.map(name => `${name}_loss`).join()}\n`;
  for (let run = 0; run < runs; run++) {
    const shares = names.map((_, d) => shareOf(run, d, domains)).join();
    for (let c = 0; c < checkpoints; c++) {
      yield `run-${run},${(c + 1) * 2_097_152_000},${shares},${names.map((_, d) => lossOf(run, c, d)).join()}\n`;
    }
  }
}

const isSized = shape === 'runs';
const lines =
  shape === 'long'
    ? longLines()
    : shape === 'wide'
      ? wideLines()
      : runLines(...(sizes.map(Number) as [number, number, number]));
const limit = isSized ? Number.POSITIVE_INFINITY : Number(sizes[0]) * 1e6;
let written = 0;
let batch = '';
for (const line of lines) {
  batch += line;
  written += line.length;
  if (batch.length > 1e6) {
    if (!out.write(batch)) await once(out, 'drain');
    batch = '';
  }
  if (written > limit) break;
}
out.end(batch);
