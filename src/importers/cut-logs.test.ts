/** Logs copied while they are written: whatever is missing at the end, they are read or refused in words. */

import { expect, test } from 'vitest';
import { fileOf, imported } from '../../test/importing.ts';
import { BimixError } from '../errors/index.ts';
import type { Importer } from './importer.ts';
import { lingua } from './lingua.ts';
import { lmEval } from './lm-eval.ts';
import { megatron } from './megatron.ts';
import { olmo } from './olmo.ts';
import { trainerState } from './trainer-state.ts';
import { wandb } from './wandb.ts';

const MIXTURES = fileOf('m.csv', ['run,web,code', 'a,0.8,0.2']);

const LOGS: Record<string, [importer: Importer, text: string, losses: readonly number[]]> = {
  'W&B, CSV': [wandb, '_step,eval/web/loss,eval/code/loss\n1,4.25,3.5\n2,4.125,3.25\n', [4.25, 3.5, 4.125, 3.25]],
  'W&B, JSON lines': [
    wandb,
    '{"_step":1,"eval/web/loss":4.25,"eval/code/loss":3.5}\n{"_step":2,"eval/web/loss":4.125,"eval/code/loss":3.25}\n',
    [4.25, 3.5, 4.125, 3.25],
  ],
  'Hugging Face': [
    trainerState,
    '{"log_history": [{"eval_web_loss": 4.25, "step": 1}, {"eval_code_loss": 3.5, "step": 1}]}',
    [4.25, 3.5],
  ],
  'Megatron-LM': [
    megatron,
    ' validation-web loss at iteration 10 | lm loss value: 4.250000E+00 | lm loss PPL: 7.0E+01 |\n validation-code loss at iteration 10 | lm loss value: 3.500000E+00 |',
    [4.25, 3.5],
  ],
  Lingua: [
    lingua,
    '{"created_at":"","global_step":1,"web":{"nll_per_token":-4.25},"code":{"nll_per_token":-3.5}}\n{"created_at":"","global_step":2,"web":{"nll_per_token":-4.125}}\n',
    [4.25, 3.5, 4.125, Number.NaN],
  ],
  'OLMo-core': [
    olmo,
    '{"throughput/total tokens": 9, "eval/lm/web/CE loss": 4.25, "eval/lm/code/CE loss": 3.5}',
    [4.25, 3.5],
  ],
  'lm-eval': [lmEval, '{"results": {"boolq": {"alias": "boolq", "acc,none": 0.75}}, "configs": {}}', [0.25]],
};

test.for(Object.entries(LOGS))('%s, cut at any byte', async ([, [importer, text, losses]]) => {
  for (let end = 1; end <= text.length; end++) {
    const files = [fileOf('a', text.slice(0, end)), MIXTURES];
    await importer.detect(files);
    const read = await imported(importer, files).catch((error: unknown) => error);
    if (read instanceof BimixError) continue;
    const { table } = read as Awaited<ReturnType<typeof imported>>;
    const known = Array.from(table.losses).filter(loss => losses.includes(loss));
    // The last number of a CSV may lose digits: nothing in the file says that it is cut.
    expect(table.losses.length - known.length).toBeLessThanOrEqual(importer === wandb ? 1 : 0);
  }
  const { table } = await imported(importer, [fileOf('a', text), MIXTURES]);
  expect(Array.from(table.losses)).toEqual(losses);
});
