/** Logs with one loss over everything: every trainer's is refused, and says the same way out. */

import { expect, test } from 'vitest';
import { eventFile } from '../../test/event-file.ts';
import { fileOf, imported } from '../../test/importing.ts';
import type { InputFile } from '../files/index.ts';
import { IMPORTERS } from './registry.ts';

const MIXTURES = fileOf('m.csv', ['run,web,code', 'a,0.8,0.2', 'b,0.5,0.5']);

const LOGS: Record<string, [file: InputFile, found: string, option: RegExp]> = {
  wandb: [fileOf('a.csv', ['_step,train/loss,eval/loss', '1,3,3']), 'only "train/loss", "eval/loss"', /eval\/<domain>/],
  'hf-trainer': [
    fileOf('a.json', '{"log_history": [{"step": 1, "eval_loss": 3}]}'),
    'only "eval_loss"',
    /eval_dataset=/,
  ],
  tensorboard: [
    fileOf('a/events.out.tfevents.1', eventFile([{ tag: 'val_loss', step: 1, value: 3 }])),
    'only "val_loss"',
    /eval\/<domain>\/loss/,
  ],
  megatron: [
    fileOf('a.log', ' validation loss at iteration 10 | lm loss value: 4.2E+00 | lm loss PPL: 7.0E+01 |\n'),
    'only one loss over all validation data',
    /--multiple-validation-sets/,
  ],
  olmo: [fileOf('a/metrics.json', '{"train/CE loss":3.3}'), 'only "train/CE loss"', /LMEvaluatorCallbackConfig/],
  lingua: [
    fileOf('a/metrics.jsonl', '{"global_step":1,"loss/out":3.3,"created_at":""}\n'),
    'only "loss/out", of the training',
    /eval\.validation/,
  ],
};

test.for(Object.entries(LOGS))(
  'one blended loss of %s is recognized and refused with the way out',
  async ([name, log]) => {
    const [file, found, option] = log;
    const files = [file, MIXTURES];
    const detected = await Promise.all(IMPORTERS.map(importer => importer.detect(files)));
    const certain = IMPORTERS.filter((_, i) => {
      const detection = detected[i];
      return detection !== false && detection.confidence === 'certain';
    });
    expect(certain.map(importer => importer.name)).toEqual([name]);
    await expect(imported(certain[0], files)).rejects.toMatchObject({
      code: 'missing-domains',
      message: `missing losses by domain in ${file.path}: it has ${found}`,
      hint: expect.stringMatching(
        new RegExp(`^Laws are fitted.*${option.source}.*each checkpoint.*lm-evaluation-harness`),
      ),
      where: { file: file.path },
    });
  },
);
