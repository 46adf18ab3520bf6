/** Reads mutated inputs one after the other in a thread that is ended when it hangs. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { mutate } from './mutators.ts';
import { below, oneOf, randomOf } from './random.ts';

/** One valid input: the files that are read together, the changed one among them. */
export interface Seed {
  readonly name: string;
  /** A reader of `reader.mjs`. */
  readonly target: string;
  /** By path, in the order they are passed. */
  readonly files: ReadonlyMap<string, Buffer>;
}

export interface Failure {
  readonly seed: string;
  readonly input: number;
  readonly file: string;
  readonly done: string;
  readonly message: string;
  /** Where the input was kept. */
  readonly folder: string;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly inputs: number;
  /** Folder for inputs that fail. */
  readonly keepIn: string;
  readonly progress?: (done: number, failures: number) => void;
}

export interface FuzzResult {
  readonly failures: readonly Failure[];
  readonly read: number;
  readonly refused: number;
}

type Outcome =
  | { readonly kind: 'read'; readonly findings: readonly string[] }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'problem'; readonly message: string };

/** Processor time after which a reading hangs, so that a busy machine is no failure; waiting for nothing ends by the clock. */
const HANG_CPU_MS = 5000;
const HANG_CLOCK_MS = 60_000;

/** Formats that end where they say: whatever is cut off is missed. */
const SELF_DELIMITED = /\.(?:parquet|gz|zst|npy|counts)$/;

/** Reads each seed as it is, then `inputs` changed ones. */
export async function fuzz(seeds: readonly Seed[], options: FuzzOptions): Promise<FuzzResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bimix-fuzz-'));
  const reader = new Reader();
  const failures: Failure[] = [];
  const counts = { read: 0, refused: 0, problem: 0 };
  try {
    for (let input = -seeds.length; input < options.inputs; input++) {
      const random = randomOf(options.seed * 1_000_003 + input);
      const seed = input < 0 ? seeds[input + seeds.length] : oneOf(random, seeds);
      const names = [...seed.files.keys()];
      const file = names[below(random, names.length)];
      const whole = seed.files.get(file) as Buffer;
      const mutated = input < 0 ? { content: whole, done: 'nothing' } : mutate(random, whole);
      const ofSeed = path.join(folder, String(seeds.indexOf(seed)));
      if (input < 0) write(ofSeed, seed.files);
      else write(ofSeed, new Map([[file, mutated.content]]));
      const outcome = await reader.read(
        seed.target,
        names.map(name => path.join(ofSeed, name)),
      );
      write(ofSeed, new Map([[file, whole]]));
      const message = troubleIn(outcome, file, whole, mutated);
      if (message !== undefined) {
        const kept = path.join(options.keepIn, `${seed.name.replaceAll(/[^\w-]/g, '_')}-${options.seed}-${input}`);
        write(kept, new Map([...seed.files, [file, mutated.content]]));
        failures.push({ seed: seed.name, input, file, done: mutated.done, message, folder: kept });
      }
      counts[outcome.kind]++;
      options.progress?.(input + 1, failures.length);
    }
  } finally {
    await reader.end();
    rmSync(folder, { recursive: true, force: true });
  }
  return { failures, read: counts.read, refused: counts.refused };
}

function troubleIn(
  outcome: Outcome,
  file: string,
  whole: Buffer,
  mutated: { readonly done: string; readonly cutAt?: number },
): string | undefined {
  if (outcome.kind === 'problem') return outcome.message;
  if (mutated.done === 'nothing') return outcome.kind === 'refused' ? `refused as it is: ${outcome.code}` : undefined;
  if (mutated.cutAt === undefined || outcome.kind === 'refused') return undefined;
  const rest = whole.subarray(mutated.cutAt);
  if (SELF_DELIMITED.test(file)) return 'a cut file was taken for a whole one';
  const isTable = /\.(?:csv|tsv|log|txt)$/.test(file);
  const isAtLineEnd = /(?:^|\n)\0*$/.test(whole.toString('latin1', 0, mutated.cutAt)) || rest.toString().trim() === '';
  if (!isTable || isAtLineEnd || !('findings' in outcome) || outcome.findings.length === 0) return undefined;
  return outcome.findings.includes('no-final-newline') ? undefined : 'a cut line was not noted';
}

function write(folder: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [name, content] of files) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** One thread, replaced when it hangs or dies. */
class Reader {
  #worker: Worker | undefined;

  async read(target: string, paths: readonly string[]): Promise<Outcome> {
    this.#worker ??= new Worker(new URL('./reader.mjs', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
      stderr: true,
    });
    const worker = this.#worker;
    let timer: NodeJS.Timeout | undefined;
    let onMessage: (outcome: Outcome) => void = () => {};
    let onError: (error: Error) => void = () => {};
    const [cpu, clock] = [process.cpuUsage(), performance.now()];
    const outcome = await new Promise<Outcome>(resolve => {
      const fail = (message: string): void => {
        this.#worker = undefined;
        void worker.terminate();
        resolve({ kind: 'problem', message });
      };
      onMessage = resolve;
      onError = error => fail(`the thread died: ${error.message}`);
      worker.once('message', onMessage);
      worker.once('error', onError);
      timer = setInterval(() => {
        const { user, system } = process.cpuUsage(cpu);
        const hangs = (user + system) / 1000 > HANG_CPU_MS || performance.now() - clock > HANG_CLOCK_MS;
        if (hangs) fail('it hangs');
      }, 250);
      worker.postMessage({ target, paths });
    });
    clearInterval(timer);
    worker.off('message', onMessage);
    worker.off('error', onError);
    return outcome;
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }
}
