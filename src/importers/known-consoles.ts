/** Consoles and tables of trainers with one loss over everything: nothing to import, but the reason can be said. */

import type { BimixError } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';
import { withoutDomains } from './blended-loss.ts';
import { hasLine } from './console-lines.ts';

interface KnownConsole {
  readonly trainer: string;
  /** A word of the line that `pattern` fits. */
  readonly word: string;
  readonly pattern: RegExp;
  /** How the trainer evaluates each domain. */
  readonly option: string;
}

const ONE_SET =
  'It evaluates one validation set: log the losses of a set for each domain yourself, to W&B or TensorBoard.';

const CONSOLES: readonly KnownConsole[] = [
  {
    trainer: 'nanotron',
    word: 'iteration: ',
    pattern: /iteration: \d+ \/ \d+ \|.*\blm_loss: /,
    option: ONE_SET,
  },
  { trainer: 'torchtitan', word: 'loss: ', pattern: /\bstep:\s*\d+\s+loss:\s*[\d.]+\s/, option: ONE_SET },
  { trainer: 'MaxText', word: 'completed step: ', pattern: /completed step: \d+,.*\bloss: /, option: ONE_SET },
  { trainer: 'litgpt', word: 'loss train: ', pattern: /\bstep \d+: loss train: /, option: ONE_SET },
  {
    trainer: 'litgpt',
    word: 'val_loss',
    pattern: /^(?=.*\btotal_tokens\b)(?=.*\bloss\b).*\bval_ppl\b/,
    option: ONE_SET,
  },
  {
    trainer: 'nanoGPT',
    word: 'val loss ',
    pattern: /\bstep \d+: train loss [\d.]+, val loss /,
    option: 'Evaluate a validation file of each domain, as examples/nanogpt does.',
  },
  {
    trainer: 'the Hugging Face Trainer',
    word: "'epoch': ",
    pattern: /\{'(?:eval_)?loss': .*'epoch': /,
    option:
      'Give the Trainer one evaluation set a domain, eval_dataset={"web": ..., "code": ...}, and pass trainer_state.json: the console has no steps.',
  },
  {
    trainer: 'OLMo-core',
    word: 'CE loss=',
    pattern: /(?:train|eval)\/.*CE loss=/,
    option: 'Pass the metrics.json of the run, or its W&B history: the console is not read.',
  },
];

/** Why a file of a known trainer cannot be imported; undefined where none is recognized. */
export function knownConsole(files: readonly InputFile[]): BimixError | undefined {
  for (const file of files) {
    const known = CONSOLES.find(({ word, pattern }) => hasLine(file, word, pattern));
    if (known === undefined) continue;
    return withoutDomains(file, `only one blended loss, as ${known.trainer} prints it`, known.option);
  }
  return undefined;
}
