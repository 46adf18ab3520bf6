/** Proxy runs with the package's own engine, as processes that are killed. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { readRunResult, trainProxy } from '../src/proxies/index.ts';
import { smallRun, wordDomains } from './proxy-text.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../dist/proxies/train-main.js');
const folder = mkdtempSync(path.join(tmpdir(), 'bimix-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const domains = wordDomains(path.join(folder, 'text'));
const run = smallRun(domains, {
  tokens: 160 * 512,
  model: { vocabulary: 256, context: 64, width: 32, layers: 2, heads: 2 },
  sequences: 8,
  evaluation: { at: [10_240, 40_960, 81_920], tokens: 1024 },
});
const runFile = path.join(folder, 'run.json');
writeFileSync(runFile, JSON.stringify(run));

const undisturbed = path.join(folder, 'undisturbed');
const threads1 = await trainHere('undisturbed', 1);

async function trainHere(name: string, threads: number): Promise<readonly [string, string]> {
  const out = path.join(folder, name);
  mkdirSync(out);
  await trainProxy(run, { out, task: out, threads });
  return bytesOf(out);
}

function bytesOf(out: string): readonly [string, string] {
  return [readFileSync(path.join(out, 'metrics.jsonl'), 'utf8'), readFileSync(path.join(out, 'result.json'), 'utf8')];
}

interface Process {
  readonly child: ChildProcess;
  readonly out: string;
  /** Exit code, null when it was killed, and what it printed. */
  readonly ended: Promise<{ readonly code: number | null; readonly text: string }>;
}

function start(task: string, attempt: string): Process {
  const out = path.join(folder, task, attempt);
  const args = [PROGRAM, runFile, '--out', out, '--task', path.join(folder, task), '--checkpoint-seconds', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', piece => {
      text += piece;
    });
  }
  const ended = new Promise<{ code: number | null; text: string }>(resolve => {
    child.once('close', code => resolve({ code, text }));
  });
  return { child, out, ended };
}

/** Until the file is another one than `before`. */
async function newFile(file: string, before?: number): Promise<number> {
  for (;;) {
    const time = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (time !== undefined && time !== before) return time;
    await pause(2);
  }
}

describe('with the own engine', () => {
  test('losses fall below the entropy of single bytes, of what is drawn', async () => {
    const { losses } = await readRunResult(undisturbed);
    for (const { name, validation } of domains.slice(0, 2)) {
      expect(losses?.[name]).toBeLessThan(byteEntropy(readFileSync(validation[0], 'utf8')));
    }
    expect(losses?.sums).toBeGreaterThan(losses?.code ?? 0);
  });

  test.each([2, 3])('%i threads leave the bytes of one', async threads => {
    expect(await trainHere(`threads-${threads}`, threads)).toEqual(threads1);
  });
});

describe('a process', () => {
  test('killed three times leaves the bytes of an undisturbed run', async () => {
    const checkpoint = path.join(folder, 'killed', 'checkpoint.bin');
    let written: number | undefined;
    for (let kill = 0; kill < 3; kill++) {
      const { child, ended } = start('killed', `attempt-${kill}`);
      for (let step = 0; step < 10; step++) written = await newFile(checkpoint, written);
      child.kill('SIGKILL');
      expect((await ended).code).toBeNull();
    }
    const { out, ended } = start('killed', 'last');
    const { code, text } = await ended;
    expect(code).toBe(0);
    expect(Number(/^(\d+) of/.exec(text)?.[1])).toBeGreaterThan(30 * 512);
    expect(bytesOf(out)).toEqual(threads1);
  });

  test('told to stop leaves a checkpoint and exit code 130, and goes on', async () => {
    const first = start('stopped', 'a');
    await newFile(path.join(folder, 'stopped', 'checkpoint.bin'));
    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 130, text: expect.stringContaining('with a checkpoint') });
    const second = start('stopped', 'b');
    expect((await second.ended).code).toBe(0);
    expect(bytesOf(second.out)).toEqual(threads1);
  });

  test('with a wrong run says why and exits with 2', () => {
    const file = path.join(folder, 'wrong.json');
    writeFileSync(file, JSON.stringify({ ...run, weights: { prose: 0.5, cod: 0.5 } }));
    const options = ['--out', folder, '--task', folder];
    const wrong = spawnSync(process.execPath, [PROGRAM, file, ...options], { encoding: 'utf8' });
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('unknown domain "cod"');
    expect(spawnSync(process.execPath, [PROGRAM, file], { encoding: 'utf8' }).stderr).toContain('Usage:');
  });
});

/** Of the text's own distribution: what no model of single bytes can be below. */
function byteEntropy(lines: string): number {
  const documents = lines
    .trimEnd()
    .split('\n')
    .map(line => `${JSON.parse(line).text}\0`);
  const bytes = Buffer.from(documents.join(''));
  const counts = new Float64Array(256);
  for (const byte of bytes) counts[byte]++;
  return counts.reduce(
    (sum, count) => (count === 0 ? sum : sum - (count / bytes.length) * Math.log(count / bytes.length)),
    0,
  );
}
