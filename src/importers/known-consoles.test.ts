import { expect, test } from 'vitest';
import { fileOf } from '../../test/importing.ts';
import { knownConsole } from './known-consoles.ts';

test.for([
  [
    'nanotron',
    '[default0]:03/01/2026 10:00:00 [INFO|DP=0]: iteration: 10 / 200 | consumed_tokens: 1.05M | lm_loss: 9.21 | lr: 0.0003',
  ],
  ['torchtitan', '[rank0]:[titan] 2026-03-01 10:00:00 - root - INFO - step: 10  loss:  7.1234  memory: 12.1GiB'],
  ['MaxText', 'completed step: 10, seconds: 1.2, TFLOP/s/device: 100.1, Tokens/s/device: 900.1, loss: 7.123'],
  ['litgpt', 'Epoch 1 | iter 100 step 10: loss train: 3.123, val: n/a | iter time: 12.3 ms'],
  ['nanoGPT', 'step 250: train loss 3.1234, val loss 3.2345'],
  ['the Hugging Face Trainer', "{'eval_loss': 3.12, 'eval_runtime': 2.1, 'epoch': 1.0}"],
  ['OLMo-core', '    train/CE loss=3.21'],
])('%s is named, with its one blended loss', ([trainer, line]) => {
  const error = knownConsole([fileOf('m.csv', ['run,web', 'a,1']), fileOf('a.log', ['starting', line])]);
  expect(error).toMatchObject({ code: 'missing-domains', where: { file: 'a.log' } });
  expect(error?.message).toBe(
    `missing losses by domain in a.log: it has only one blended loss, as ${trainer} prints it`,
  );
});

test('other files are no console', () => {
  expect(knownConsole([fileOf('a.txt', ['loss and steps', 'epoch']), fileOf('m.csv', ['a,b', '1,2'])])).toBeUndefined();
});
