/**
 * What proxy runs are made for and how they are trained: the content of a `bimix.yaml`, and the part of a plan that makes it
 * self-contained. Plain data; paths and patterns are as written, relative to `folder`.
 */

import { z } from 'zod';
import { SCHEDULES } from '../observations/index.ts';

const Domain = z.strictObject({
  name: z.string().min(1),
  /** Text not yet split by document into training and validation; empty where `train` and `validation` are named. */
  files: z.array(z.string()),
  train: z.array(z.string()),
  validation: z.array(z.string()),
  /** Field or column with the text. */
  text: z.string().nullable(),
  /** Name of a corpus reader. */
  format: z.string().nullable(),
  /** Tokens there are for the training that the mixture is for. */
  available: z.number().positive().nullable(),
  /** Smallest and largest share of tokens. */
  share: z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]),
});

const count = z.number().int().positive();

/** Trained here, by bimix itself. */
const EmbeddedTrainer = z.strictObject({
  kind: z.literal('embedded'),
  /** Training tokens of a run. */
  tokens: z.number().positive(),
  model: z.strictObject({ vocabulary: count, context: count, width: count, layers: count, heads: count }),
  optimizer: z.strictObject({
    beta1: z.number(),
    beta2: z.number(),
    epsilon: z.number(),
    weightDecay: z.number(),
    clip: z.number(),
  }),
  learningRate: z.strictObject({
    peak: z.number().positive(),
    warmup: z.number(),
    schedule: z.enum(['constant', 'cosine', 'linear']),
    final: z.number(),
  }),
  /** Sequences a step. */
  sequences: count,
  /** Checkpoints at which every domain's validation loss is taken. */
  evaluations: count,
  /** Most validation tokens a domain. */
  validationTokens: count,
});

const LossSource = z.strictObject({
  /** Name of an importer, or `log` for one run's table of losses. */
  format: z.string(),
  /** Paths or patterns, relative to a run's results; `{out}`, `{task}`, `{log}` and `{run}` stand for the run's own. */
  files: z.array(z.string()).min(1),
  columns: z.record(z.string(), z.unknown()).nullable(),
  /** Null for what the format says, or nats. */
  unit: z.enum(['nats', 'bits', 'perplexity', 'bpb']).nullable(),
  bytesPerToken: z.union([z.number().positive(), z.record(z.string(), z.number().positive())]).nullable(),
  tokensPerStep: z.number().positive().nullable(),
  schedule: z.enum(SCHEDULES).nullable(),
  /** Training domain of an evaluation domain; null for none. */
  map: z.record(z.string(), z.string().nullable()),
});

/** Somebody else's, started by a command. */
const CommandTrainer = z.strictObject({
  kind: z.literal('command'),
  /** Text for `sh -c`, or a program with its arguments. */
  command: z.union([z.string(), z.array(z.string()).min(1)]),
  environment: z.record(z.string(), z.string()),
  /** Name of an exporter. */
  mixtureFormat: z.string(),
  losses: LossSource,
  /** Training tokens of a run. */
  tokens: z.number().positive().nullable(),
  /** Parameters of the model. */
  size: z.number().positive().nullable(),
  gpus: z.number().int().min(0),
  minutes: z.number().positive().nullable(),
  megabytes: z.number().positive().nullable(),
});

const ExecutorSettings = z.strictObject({
  on: z.enum(['local', 'slurm']),
  /** Runs at a time. */
  parallel: z.number().int().positive().nullable(),
  /** Of each run. */
  threads: z.number().int().positive().nullable(),
  /** Attempts at a run before it has failed. */
  attempts: z.number().int().positive(),
  partition: z.string().nullable(),
  account: z.string().nullable(),
  qos: z.string().nullable(),
  /** Further options of sbatch. */
  options: z.array(z.string()),
});

export const ProjectSchema = z.strictObject({
  /** Of the `bimix.yaml`: absolute, but in a plan relative to the plan's own. */
  folder: z.string(),
  domains: z.array(Domain).min(1),
  /** Tokens of the training that the mixture is for. */
  budget: z.number().positive().nullable(),
  maxEpochs: z.number().positive().nullable(),
  /** Weights of evaluation domains, 0 for those left out; null for equal ones. */
  objective: z.record(z.string(), z.number().min(0)).nullable(),
  design: z.strictObject({
    method: z.string(),
    runs: z.number().int().positive().nullable(),
    seed: z.number().int(),
    repetitionMatched: z.boolean(),
  }),
  trainer: z.discriminatedUnion('kind', [EmbeddedTrainer, CommandTrainer]),
  executor: ExecutorSettings,
  /** Folder of the runs. */
  runs: z.string(),
});

export type Project = Readonly<z.infer<typeof ProjectSchema>>;
export type ProjectDomain = Readonly<z.infer<typeof Domain>>;
export type EmbeddedTrainer = Readonly<z.infer<typeof EmbeddedTrainer>>;
export type CommandTrainer = Readonly<z.infer<typeof CommandTrainer>>;
export type LossSource = Readonly<z.infer<typeof LossSource>>;
export type ExecutorSettings = Readonly<z.infer<typeof ExecutorSettings>>;

/** Tokens available by training domain, of those where they are known. */
export function tokensAvailable({ domains }: Project): Record<string, number> {
  return Object.fromEntries(domains.flatMap(({ name, available }) => (available === null ? [] : [[name, available]])));
}
