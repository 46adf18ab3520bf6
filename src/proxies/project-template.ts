/** The text of a new `bimix.yaml`: what is known filled in, the rest in comments. */

import { stringify } from 'yaml';
import { formatQuantity, parseQuantity } from '../mixture/index.ts';
import { defaultTraining, MODEL_SIZES } from './default-training.ts';

export interface TemplateDomain {
  readonly name: string;
  /** Paths or patterns, relative to the project; none for a trainer that finds its data itself. */
  readonly files?: readonly string[];
  readonly train?: readonly string[];
  readonly validation?: readonly string[];
  readonly available?: number;
}

export interface ProjectTemplate {
  readonly domains: readonly TemplateDomain[];
  readonly trainer: 'embedded' | 'command';
  /** Of the embedded trainer, as `trainer` holds them; what is left out stays at its default. */
  readonly settings?: {
    /** Name of a size of model. */
    readonly model?: string;
    readonly tokens?: number;
    readonly evaluations?: number;
    readonly validationTokens?: number;
  };
}

/** Defaults that are worth knowing stand as comments. */
function embedded({
  model = '0.2M',
  tokens,
  evaluations,
  validationTokens,
}: NonNullable<ProjectTemplate['settings']>): string {
  const line = (key: string, value: number | undefined, usual: string, meaning: string): string =>
    `  ${`${value === undefined ? `# ${key}: ${usual}` : `${key}: ${exactQuantity(value)}`}`.padEnd(22)} # ${meaning}`;
  const { model: shape, learningRate, sequences } = defaultTraining(model);
  return `# Trained by bimix itself, on the text above: no GPU, no Python. To train by a program of your own: bimix init --trainer command.
trainer:
  ${`model: ${model}`.padEnd(22)} # parameters: ${MODEL_SIZES.join(', ')}
${line('tokens', tokens ?? 1e6, '', 'training tokens of each run; a token is a byte')}
${line('learning_rate', undefined, String(learningRate.peak), 'after warm-up')}
${line('sequences', undefined, String(sequences), `a step, of ${shape.context} tokens each`)}
${line('evaluations', evaluations, '8', 'validation losses along a run')}
${line('validation_tokens', validationTokens, '16K', 'of each domain, most')}
`;
}

/** As people write counts, where nothing is lost by it. */
function exactQuantity(value: number): string {
  const text = formatQuantity(value);
  return parseQuantity(text) === value ? text : String(value);
}

const COMMAND = `# Your own trainer. {mixture_file} holds a run's shares of tokens; {tokens}, {seed}, {run}, {threads} and {available_file} are there
# too. {out} is a new folder for each attempt's results, {task} one that outlives attempts, for checkpoints.
trainer:
  command: python train.py --mixture {mixture_file} --tokens {tokens} --seed {seed} --out {out} --checkpoints {task}
  mixture_format: json   # yaml, json, csv, megatron, ...: see bimix export --help
  losses:                # validation losses of each domain, as the trainer logs them
    files: losses.jsonl  # in {out}; {task}, {log} (what it prints) and {run} may be used
    # format: wandb      # or hf-trainer, megatron, ...: see bimix import --help; without it, {"tokens": 1000000, "web_loss": 3.2, ...}
    # tokens_per_step: 500K
  tokens: 1B             # training tokens of each run
  # size: 122M           # parameters of the model
  # gpus: 1              # of each run
  # minutes: 600
`;

/** Domains whose files are named as training and validation are not split again. */
export function projectTemplate({ domains, trainer, settings = {} }: ProjectTemplate): string {
  const isKnown = domains.some(({ available }) => available !== undefined);
  const text =
    trainer === 'command'
      ? 'What to mix. Say what you know of each: tokens available, smallest and largest share of tokens.'
      : 'What to mix: text or JSON lines. files are split by document; train and validation are taken as they are.';
  return `# ${text}
# Paths are relative to this file.
domains:
${domains.map(domainText).join('\n')}
${isKnown ? '' : '  # Beside files: available: 12B   tokens there are      share: [0.05, 0.5]   smallest and largest share of tokens\n'}
# The training that the mixture is for. With tokens available, max_epochs limits shares.
# budget: 100B
# max_epochs: 4

# What to minimize: the mean loss of all domains, or weights by evaluation domain.
objective: mean

design:
  method: spread         # see bimix design --help
  # runs: 12             # default: 2 a domain
  seed: 0
  # repetition_matched: true   # let runs repeat data as often as the training will; needs budget and available

${trainer === 'command' ? COMMAND : embedded(settings)}
executor:
  on: local              # or slurm, with partition: and the like
  # parallel: 2          # runs at a time; default: as many as fit
  threads: 1             # of each run
`;
}

function domainText({ name, files = [], train = [], validation = [], available }: TemplateDomain): string {
  const one = (list: readonly string[]): unknown => (list.length === 1 ? list[0] : list);
  const settings = {
    ...(files.length === 0 ? {} : { files: one(files) }),
    ...(train.length === 0 ? {} : { train: one(train), validation: one(validation) }),
    ...(available === undefined ? {} : { available }),
  };
  const keys = Object.keys(settings);
  const value = keys.length === 1 && keys[0] === 'files' ? one(files) : keys.length === 0 ? null : settings;
  const line = stringify({ [name]: value }, { collectionStyle: 'flow', nullStr: '', lineWidth: 0 }).trim();
  // A mapping at the top is written as a flow too: take its inside.
  return `  ${line
    .replace(/^\{\s*/, '')
    .replace(/\s*\}$/, '')
    .trimEnd()}`;
}
