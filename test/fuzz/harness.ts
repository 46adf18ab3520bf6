/** Reads mutated inputs one after the other in a thread that is ended when it hangs. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Mutated, mutate } from './mutators.ts';
import { below, oneOf, type Random, randomOf } from './random.ts';
import type { Seed } from './seed.ts';

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
  /** Inputs from `from` (default 0) to `inputs`: each depends on its number and the seed alone. */
  readonly from?: number;
  readonly inputs: number;
  /** Folder for inputs that fail. */
  readonly keepIn: string;
  /** Called after each input and seed with how many inputs are done, and its failure if it is one. */
  readonly progress?: (done: number, failure: Failure | undefined) => void;
}

export interface FuzzResult {
  readonly failures: readonly Failure[];
  /** Formats that the seeds were read as. */
  readonly formats: ReadonlySet<string>;
  readonly read: number;
  readonly refused: number;
}

type Outcome =
  | { readonly kind: 'read'; readonly format?: string; readonly findings?: readonly string[] }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'problem'; readonly message: string };

/** Processor time after which a reading hangs, so that a busy machine is no failure; waiting for nothing ends by the clock. */
const HANG_CPU_MS = 5000;
const HANG_CLOCK_MS = 60_000;

/** Part of the inputs whose file is that of another seed. */
const EXCHANGED = 0.03;

/** Part of the inputs whose format is named. */
const NAMED = 0.3;

/** Reads each seed as it is, then changed ones. */
export async function fuzz(seeds: readonly Seed[], options: FuzzOptions): Promise<FuzzResult> {
  const { from = 0, inputs } = options;
  const folder = mkdtempSync(path.join(tmpdir(), 'bimix-fuzz-'));
  const reader = new Reader();
  const failures: Failure[] = [];
  const formats = new Map<Seed, string>();
  const counts = { read: 0, refused: 0, problem: 0 };
  try {
    const plain = seeds.map((_, n) => n - seeds.length);
    const changed = Array.from({ length: Math.max(0, inputs - from) }, (_, n) => from + n);
    for (const input of [...plain, ...changed]) {
      const random = randomOf(options.seed * 1_000_003 + input);
      const seed = input < 0 ? seeds[input + seeds.length] : oneOf(random, seeds);
      const names = [...seed.files.keys()];
      const file = names[below(random, names.length)];
      const whole = seed.files.get(file) as Buffer;
      const mutated =
        input < 0 ? { content: whole, done: 'nothing' } : (exchanged(random, seeds) ?? mutate(random, whole));
      const ofSeed = path.join(folder, String(seeds.indexOf(seed)));
      if (input < 0) write(ofSeed, seed.files);
      else write(ofSeed, new Map([[file, mutated.content]]));
      // As when the user names the format: what detection would have refused is read.
      const format = random() < NAMED ? formats.get(seed) : undefined;
      const outcome = await reader.read(
        format === undefined ? seed : { ...seed, options: { ...seed.options, format } },
        names.map(name => path.join(ofSeed, name)),
      );
      write(ofSeed, new Map([[file, whole]]));
      if (input < 0 && outcome.kind === 'read' && outcome.format !== undefined) formats.set(seed, outcome.format);
      const message = troubleIn(outcome, file, whole, mutated, seed);
      const kept = path.join(options.keepIn, `${seed.name.replaceAll(/[^\w-]/g, '_')}-${options.seed}-${input}`);
      const failure = message && { seed: seed.name, input, file, done: mutated.done, message, folder: kept };
      if (failure) {
        write(kept, new Map([...seed.files, [file, mutated.content]]));
        failures.push(failure);
      }
      counts[outcome.kind]++;
      options.progress?.(Math.max(0, input + 1), failure || undefined);
    }
  } finally {
    await reader.end();
    rmSync(folder, { recursive: true, force: true });
  }
  return { failures, formats: new Set(formats.values()), read: counts.read, refused: counts.refused };
}

/** Now and then the content of another seed, under the same name. */
function exchanged(random: Random, seeds: readonly Seed[]): Mutated | undefined {
  if (random() > EXCHANGED) return undefined;
  const other = oneOf(random, seeds);
  return { content: oneOf(random, [...other.files.values()]), done: `content of ${other.name}` };
}

function troubleIn(
  outcome: Outcome,
  file: string,
  whole: Buffer,
  { done, cutAt }: Mutated,
  { sized }: Seed,
): string | undefined {
  if (outcome.kind === 'problem') return outcome.message;
  if (done === 'nothing') return outcome.kind === 'refused' ? `refused as it is: ${outcome.code}` : undefined;
  if (cutAt === undefined || outcome.kind === 'refused') return undefined;
  const [left, lost] = [whole.subarray(0, cutAt), whole.subarray(cutAt)];
  // The line feed at the end of a text is not missed.
  const isSpace = file.endsWith('.jsonl') && lost.toString().trim() === '';
  if ((sized.test(file) && !isSpace) || isJsonCutShort(file, left, lost)) return 'a cut file was taken for a whole one';
  const isTable = /\.(?:csv|tsv|log|txt|jsonl)$/.test(file);
  // JSON that is closed needs no line feed.
  const isClosed = file.endsWith('.jsonl') && lost[0] === 0x0a;
  const isAtLineEnd = isClosed || /(?:^|\n)\0*$/.test(left.toString('latin1')) || lost.toString().trim() === '';
  if (!isTable || isAtLineEnd || outcome.findings === undefined) return undefined;
  return outcome.findings.includes('no-final-newline') ? undefined : 'a cut line was not noted';
}

/** Whether a JSON document lost its end; how far a run is may be half written, and is left out then. */
function isJsonCutShort(file: string, left: Buffer, lost: Buffer): boolean {
  if (!file.endsWith('.json') || file.endsWith('/progress.json') || lost.toString().trim() === '') return false;
  try {
    JSON.parse(Buffer.concat([left, lost]).toString());
    return true;
  } catch {
    return false;
  }
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

  async read({ target, options }: Seed, paths: readonly string[]): Promise<Outcome> {
    this.#worker ??= new Worker(new URL('./reader.mjs', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
      stderr: true,
    });
    const worker = this.#worker;
    let timer: NodeJS.Timeout | undefined;
    let onMessage: (outcome: Outcome) => void = () => {};
    let onError: (error: Error) => void = () => {};
    const [cpu, clock] = [process.cpuUsage(), performance.now()];
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      const fail = (message: string): void => {
        this.#worker = undefined;
        void worker.terminate();
        resolve({ kind: 'problem', message });
      };
      onMessage = resolve;
      onError = error => {
        // Each input would start it again, to no end.
        if (error instanceof SyntaxError) reject(error);
        fail(`the thread died: ${error.message}`);
      };
      worker.once('message', onMessage);
      worker.once('error', onError);
      timer = setInterval(() => {
        const { user, system } = process.cpuUsage(cpu);
        const hangs = (user + system) / 1000 > HANG_CPU_MS || performance.now() - clock > HANG_CLOCK_MS;
        if (hangs) fail('it hangs');
      }, 250);
      worker.postMessage({ target, paths, options });
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
