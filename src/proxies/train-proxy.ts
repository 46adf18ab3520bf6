/** Trains a proxy run, from its checkpoint where it has one. */

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createEngine, type Engine, type EngineOptions, type TokenBatch } from '../engine/index.ts';
import { writeWholeFile } from '../files/index.ts';
import { CHECKPOINT_FILE, type RunPosition, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { learningRates } from './learning-rate.ts';
import { LossWatch } from './loss-watch.ts';
import type { ProxyRun } from './proxy-run.ts';
import { checkProxyRun } from './read-proxy-run.ts';
import { type CorpusDomain, type RunCorpus, readRunCorpus } from './run-corpus.ts';
import {
  type Divergence,
  type Evaluation,
  formatMetrics,
  formatResult,
  METRICS_FILE,
  RESULT_FILE,
  type RunMetrics,
  type RunResult,
} from './run-metrics.ts';
import { type RunProgress, writeRunProgress } from './run-progress.ts';
import { TokenSampler, type TokenSource } from './token-sampler.ts';
import { TrainingPace } from './training-pace.ts';

export interface TrainingOptions {
  /** Folder of results, there already: `metrics.jsonl`, `result.json`. */
  readonly out: string;
  /** Folder that outlives attempts, there already: `checkpoint.bin`, `progress.json`. */
  readonly task: string;
  /** Changes speed alone. Default 1. */
  readonly threads?: number;
  /** Default: bimix's own engine. */
  readonly createEngine?: (options: EngineOptions) => Promise<Engine>;
  /** Least seconds between checkpoints; 0: after every step. Default 30. */
  readonly checkpointSeconds?: number;
  /** After every step. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Stops the run after the step under way, with a checkpoint. */
  readonly signal?: AbortSignal;
}

/** `stopped` by the signal: trained again, the run continues where it was. */
export type TrainingOutcome =
  | { readonly state: 'done'; readonly result: RunResult }
  | { readonly state: 'stopped'; readonly tokens: number };

/** Default of least seconds between checkpoints. */
export const CHECKPOINT_SECONDS = 30;
const START: RunPosition = {
  step: 0,
  evaluations: [],
  lossSum: 0,
  lossSteps: 0,
  watch: { smoothed: null, lowest: null, risen: 0 },
  seconds: 0,
};

/**
 * Trains a run to its end. Interrupted anywhere and trained again with the same folder `task`, it leaves the same bytes in
 * `out` as an undisturbed run, for any number of threads. A run that diverges ends there, and its result says so.
 *
 * @throws BimixError as `checkProxyRun`, `invalid-domain`, `invalid-checkpoint`, and as the readers and the engine
 */
export async function trainProxy(run: ProxyRun, options: TrainingOptions): Promise<TrainingOutcome> {
  const { out, task, threads = 1, createEngine: create = createEngine, signal } = options;
  checkProxyRun(run);
  const corpus = await readRunCorpus(run);
  const checkpoint = await readCheckpoint(task, corpus.hash);
  const { model: shape, optimizer, sequences, seed } = run;
  const engine = await create({ shape, optimizer, sequences, seed, threads });
  try {
    if (checkpoint !== null) engine.load(checkpoint.state);
    const training = new Training(run, corpus, engine, options, checkpoint?.position ?? START);
    await training.writeMetrics();
    while (!training.isOver) {
      if (signal?.aborted) {
        await training.writeCheckpoint();
        return { state: 'stopped', tokens: training.tokens };
      }
      await training.advance();
    }
    const result = training.result();
    await writeWholeFile(path.join(out, RESULT_FILE), formatResult(result));
    await rm(path.join(task, CHECKPOINT_FILE), { force: true });
    return { state: 'done', result };
  } finally {
    await engine.close();
  }
}

/** A run under way. */
class Training {
  readonly #run: ProxyRun;
  readonly #corpus: RunCorpus;
  readonly #engine: Engine;
  readonly #options: TrainingOptions;
  readonly #sampler: TokenSampler;
  readonly #drawnDomains: readonly CorpusDomain[];
  readonly #rates: Float64Array;
  readonly #evaluatedAfter: ReadonlySet<number>;
  readonly #watch: LossWatch;
  readonly #pace: TrainingPace;
  readonly #evaluations: Evaluation[];
  #step: number;
  #lossSum: number;
  #lossSteps: number;
  #diverged: Divergence | null = null;
  #written = performance.now();

  constructor(run: ProxyRun, corpus: RunCorpus, engine: Engine, options: TrainingOptions, position: RunPosition) {
    this.#run = run;
    this.#corpus = corpus;
    this.#engine = engine;
    this.#options = options;
    const { sequences, model } = run;
    const sources: TokenSource[] = [];
    this.#drawnDomains = corpus.domains.filter(({ share, stream }) => {
      if (stream !== null) sources.push({ share, stream });
      return stream !== null;
    });
    this.#sampler = new TokenSampler(sources, { sequences, context: model.context });
    this.#sampler.skip(position.step);
    const stepsTo = (tokens: number) => Math.ceil(tokens / (sequences * model.context));
    this.#rates = learningRates(run.learningRate, stepsTo(run.tokens));
    this.#evaluatedAfter = new Set(run.evaluation.at.map(stepsTo));
    this.#step = position.step;
    this.#lossSum = position.lossSum;
    this.#lossSteps = position.lossSteps;
    this.#evaluations = [...position.evaluations];
    this.#watch = new LossWatch(position.watch);
    this.#pace = new TrainingPace(position.seconds, engine.parameters - model.context * model.width);
  }

  get isOver(): boolean {
    return this.#diverged !== null || this.#step === this.#rates.length;
  }

  get tokens(): number {
    return this.#step * this.#batchTokens;
  }

  get #batchTokens(): number {
    return this.#run.sequences * this.#run.model.context;
  }

  /** One step, and what is due after it. */
  async advance(): Promise<void> {
    const batch = this.#sampler.next();
    const { loss, gradientNorm } = await this.#pace.time(this.#batchTokens, () =>
      this.#engine.step(batch, this.#rates[this.#step]),
    );
    this.#step++;
    this.#lossSum += loss;
    this.#lossSteps++;
    const trouble = this.#watch.add(loss, gradientNorm);
    if (trouble !== null) this.#diverged = { tokens: this.tokens, reason: trouble };
    else if (this.#evaluatedAfter.has(this.#step)) await this.#evaluate();
    if (this.#diverged !== null) await this.writeMetrics();
    else await this.#writeCheckpointIfDue();
    await this.#report(loss);
  }

  async writeMetrics(): Promise<void> {
    await writeWholeFile(path.join(this.#options.out, METRICS_FILE), formatMetrics(this.#metrics()));
  }

  async writeCheckpoint(): Promise<void> {
    const position: RunPosition = {
      step: this.#step,
      evaluations: this.#evaluations,
      lossSum: this.#lossSum,
      lossSteps: this.#lossSteps,
      watch: this.#watch.state,
      seconds: this.#pace.seconds,
    };
    await writeCheckpoint(this.#options.task, this.#corpus.hash, { position, state: this.#engine.save() });
    this.#written = performance.now();
  }

  result(): RunResult {
    const { name, weights, seed } = this.#run;
    const drawn = this.#drawn();
    const last = this.#evaluations.at(-1);
    const available = this.#drawnDomains.map(domain => [domain.name, domain.available ?? 0] as const);
    return {
      run: name,
      hash: this.#corpus.hash,
      weights,
      tokens: this.tokens,
      steps: this.#step,
      seed,
      parameters: this.#engine.parameters,
      losses: this.#diverged === null ? (last?.losses ?? null) : null,
      trainingLoss: this.#diverged === null ? (last?.trainingLoss ?? null) : null,
      drawn,
      shares: Object.fromEntries(Object.entries(drawn).map(([domain, tokens]) => [domain, tokens / this.tokens])),
      available: Object.fromEntries(available),
      epochs: Object.fromEntries(available.map(([domain, tokens]) => [domain, drawn[domain] / tokens])),
      diverged: this.#diverged,
    };
  }

  async #evaluate(): Promise<void> {
    const losses: Record<string, number> = {};
    for (const { name, validation } of this.#corpus.domains) losses[name] = await this.#validationLoss(validation);
    const bad = Object.keys(losses).find(domain => !Number.isFinite(losses[domain]));
    if (bad !== undefined) {
      const reason = `the validation loss of "${bad}" is not a finite number`;
      this.#diverged = { tokens: this.tokens, reason };
      return;
    }
    const trainingLoss = this.#lossSum / this.#lossSteps;
    this.#evaluations.push({ tokens: this.tokens, losses, trainingLoss, drawn: this.#drawn() });
    this.#lossSum = 0;
    this.#lossSteps = 0;
    await this.writeMetrics();
  }

  async #validationLoss(validation: TokenBatch): Promise<number> {
    let sum = 0;
    for (const loss of await this.#engine.evaluate(validation)) sum += loss;
    return sum / validation.targets.length;
  }

  /** Tokens trained on by domain. */
  #drawn(): Record<string, number> {
    const drawn = Object.fromEntries(this.#corpus.domains.map(({ name }) => [name, 0]));
    this.#sampler.drawn.forEach((tokens, source) => {
      drawn[this.#drawnDomains[source].name] = tokens;
    });
    return drawn;
  }

  #metrics(): RunMetrics {
    const { name: run, weights, tokens, seed, model } = this.#run;
    const { hash, domains } = this.#corpus;
    const validationTokens = Object.fromEntries(domains.map(domain => [domain.name, domain.validation.targets.length]));
    return {
      header: {
        run,
        hash,
        weights,
        tokens,
        seed,
        parameters: this.#engine.parameters,
        model,
        domains: domains.map(({ name }) => name),
        validationTokens,
      },
      evaluations: this.#evaluations,
      diverged: this.#diverged,
    };
  }

  async #writeCheckpointIfDue(): Promise<void> {
    const { checkpointSeconds = CHECKPOINT_SECONDS } = this.#options;
    if (performance.now() - this.#written >= checkpointSeconds * 1000) await this.writeCheckpoint();
  }

  async #report(trainingLoss: number): Promise<void> {
    const progress = this.#pace.progress({
      tokens: this.tokens,
      of: this.#rates.length * this.#batchTokens,
      trainingLoss,
      isOver: this.isOver,
    });
    this.#options.onProgress?.(progress);
    if (this.#pace.isDue(this.isOver)) await writeRunProgress(this.#options.task, progress);
  }
}
