/** Training one run as a process of its own: arguments, signals, a log and an exit code. */

import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { BimixError } from '../errors/index.ts';
import { readProxyRun } from './read-proxy-run.ts';
import type { RunProgress } from './run-progress.ts';
import { CHECKPOINT_SECONDS, type TrainingOutcome, trainProxy } from './train-proxy.ts';

/** Least milliseconds between two lines of the log. */
const LOG_INTERVAL = 10_000;
const USAGE = 'Usage: train-main.js RUN.json --out FOLDER --task FOLDER [--threads N] [--checkpoint-seconds N]';

/** 0 done, diverged too; 2 the run or the arguments are wrong; 3 bimix is wrong; 130 stopped by a signal, with a checkpoint. */
export type TrainExitCode = 0 | 2 | 3 | 130;

/**
 * Trains a run file. SIGINT and SIGTERM stop it after the step under way; a second one ends it at once.
 *
 * @param args `RUN.json --out FOLDER --task FOLDER [--threads N] [--checkpoint-seconds N]`; folders are made
 * @returns the exit code; nothing is thrown
 */
export async function trainCommand(args: readonly string[]): Promise<TrainExitCode> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  process.once('SIGINT', abort).once('SIGTERM', abort);
  try {
    const { file, ...options } = parseTrainArguments(args);
    const run = await readProxyRun(file);
    for (const folder of [options.out, options.task]) await mkdir(folder, { recursive: true });
    const outcome = await trainProxy(run, { ...options, signal: stop.signal, onProgress: logger() });
    log(describe(outcome));
    return outcome.state === 'done' ? 0 : 130;
  } catch (error) {
    if (error instanceof BimixError) {
      process.stderr.write(`error: ${error.describe()}\n`);
      return 2;
    }
    process.stderr.write(`internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
    return 3;
  } finally {
    process.off('SIGINT', abort).off('SIGTERM', abort);
  }
}

function parseTrainArguments(args: readonly string[]) {
  const refuse = (what: string) => new BimixError('invalid-arguments', `invalid arguments: ${what}`, { hint: USAGE });
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause));
  }
  const { positionals, values } = parsed;
  const { out, task, threads, 'checkpoint-seconds': seconds } = values;
  if (positionals.length !== 1) throw refuse(`${positionals.length} run files, expected one`);
  if (out === undefined || task === undefined) throw refuse('--out and --task are both needed');
  if (!/^[1-9]\d{0,2}$/.test(threads)) throw refuse(`--threads is "${threads}", expected a whole number from 1`);
  if (!/^\d{1,9}$/.test(seconds)) throw refuse(`--checkpoint-seconds is "${seconds}", expected a whole number`);
  return { file: positionals[0], out, task, threads: Number(threads), checkpointSeconds: Number(seconds) };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      task: { type: 'string' },
      threads: { type: 'string', default: '1' },
      'checkpoint-seconds': { type: 'string', default: `${CHECKPOINT_SECONDS}` },
    },
  });
}

function logger(): (progress: RunProgress) => void {
  let logged = Number.NEGATIVE_INFINITY;
  return ({ tokens, of, trainingLoss, tokensPerSecond, gigaflopsPerSecond }) => {
    const now = performance.now();
    if (now - logged < LOG_INTERVAL) return;
    logged = now;
    const pace = `${Math.round(tokensPerSecond)} tokens/s, ${gigaflopsPerSecond.toFixed(1)} GFLOP/s`;
    log(`${tokens} of ${of} tokens, training loss ${trainingLoss?.toFixed(3) ?? 'not finite'}, ${pace}`);
  };
}

function describe(outcome: TrainingOutcome): string {
  if (outcome.state === 'stopped') return `stopped at ${outcome.tokens} tokens, with a checkpoint`;
  const { tokens, diverged } = outcome.result;
  return diverged === null ? `done at ${tokens} tokens` : `diverged at ${diverged.tokens} tokens: ${diverged.reason}`;
}

function log(text: string): void {
  process.stdout.write(`${text}\n`);
}
