/**
 * `trainer_state.json` of the Hugging Face Trainer (transformers, `trainer_callback.py`): `log_history` with `step` and, where
 * `eval_dataset` is a dictionary, `eval_<domain>_loss` for each of its sets. DoReMi writes `eval_<domain>:log_perplexity`.
 */

import { BimixError } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';
import type { VolumeUnit } from '../observations/index.ts';
import { withoutDomains } from './blended-loss.ts';
import type { Importer } from './importer.ts';
import { asObject, readJsonDocument } from './json-document.ts';
import { draftOfLogs, type LoggedLoss, runNamesOfPath } from './logged-losses.ts';
import { readRunMixtures } from './run-mixtures.ts';

/** A name may hold underscores of its own. */
const LOSS = /^eval_(.+?)(?:_loss|:log_perplexity)$/;

type Entry = Readonly<Record<string, unknown>>;

interface TrainerState {
  readonly file: InputFile;
  readonly step: number;
  readonly log: readonly Entry[];
}

export const trainerState: Importer = {
  name: 'hf-trainer',
  description: 'trainer_state.json of the Hugging Face Trainer, with a table of mixtures',

  detect(files) {
    const fits = files.some(isState);
    return fits && { confidence: 'certain', reason: 'a JSON file with log_history' };
  },

  async read(files, { columns = {} }) {
    const stateFiles = files.filter(isState);
    if (stateFiles.length === 0) {
      throw new BimixError('missing-log', `missing log_history: ${files[0].path} is not a trainer_state.json`, {
        where: { file: files[0].path },
      });
    }
    // The checkpoints of a run repeat its history: the longest comes last, so it counts.
    const states = stateFiles.map(readState).sort((a, b) => a.step - b.step);
    const entries = states.flatMap(({ file, log }) => log.map((entry, index) => ({ file, entry, index })));
    const measured = entries.filter(({ entry }) => Object.keys(entry).some(key => LOSS.test(key)));
    if (measured.length === 0) throw blended(stateFiles[0], entries);
    const hasTokens = measured.every(({ entry }) => Number(entry.num_input_tokens_seen) > 0);
    const volumeUnit: VolumeUnit = hasTokens ? 'tokens' : 'steps';
    const losses = measured.flatMap(({ file, entry, index }): LoggedLoss[] => {
      const volume = numberOf(entry, hasTokens ? 'num_input_tokens_seen' : 'step', file, index);
      const runs = runNamesOfPath(file.path);
      return Object.keys(entry).flatMap(key => {
        const domain = LOSS.exec(key)?.[1];
        if (domain === undefined) return [];
        return [{ runs, volume, domain, loss: numberOf(entry, key, file, index), where: { file: file.path } }];
      });
    });
    const tables = files.filter(file => !stateFiles.includes(file));
    return draftOfLogs(
      { format: 'hf-trainer', volumeUnit, losses },
      await readRunMixtures(tables, stateFiles[0], columns),
    );
  },
};

/** Keys are sorted, so `log_history` may come after much else. */
function isState(file: InputFile): boolean {
  const head = file.head() ?? '';
  return /^\s*\{/.test(head) && /"log_history"\s*:/.test(head);
}

function readState(file: InputFile): TrainerState {
  const state = asObject(readJsonDocument(file));
  if (!Array.isArray(state?.log_history)) {
    throw new BimixError('invalid-log', `invalid log_history in ${file.path}: expected a list`, {
      where: { file: file.path },
    });
  }
  const log = (state.log_history as unknown[]).map((entry, index) => {
    const object = asObject(entry);
    if (object !== undefined) return object;
    throw new BimixError('invalid-log', `invalid log_history[${index}] in ${file.path}: expected an object`, {
      where: { file: file.path },
    });
  });
  return { file, step: Number(state.global_step ?? 0), log };
}

/** Null stands for NaN, which Python writes bare. */
function numberOf(entry: Entry, key: string, { path }: InputFile, index: number): number {
  const value = entry[key];
  if (typeof value === 'number') return value;
  if (value === null) return Number.NaN;
  const message = `invalid number ${JSON.stringify(value) ?? '(none)'} for "${key}" in log_history[${index}]`;
  throw new BimixError('invalid-number', message, { where: { file: path } });
}

function blended(file: InputFile, entries: readonly { readonly entry: Entry }[]): BimixError {
  const hasLoss = entries.some(({ entry }) => 'eval_loss' in entry);
  return withoutDomains(
    file,
    hasLoss ? 'only "eval_loss"' : 'no evaluation at all',
    'Give the Trainer one evaluation set a domain: eval_dataset={"web": ..., "code": ...} logs eval_web_loss and eval_code_loss.',
  );
}
