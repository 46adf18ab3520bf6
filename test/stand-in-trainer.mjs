/**
 * Stands in for `torchrun` and `python` where the examples are tested: it takes their arguments and leaves the losses where the
 * trainer would. After n tokens the loss of a domain is 3 minus its share of tokens, plus 1000 / n.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const words = process.argv.slice(2);
const optionOf = name => words[words.indexOf(name) + 1];
const lossesAt = (shares, tokens) =>
  Object.entries(shares).map(([domain, share]) => [domain, 3 - share + 1000 / tokens]);

if (words.some(word => word.endsWith('pretrain_gpt.py'))) megatron();
else trainMixture(JSON.parse(readFileSync(optionOf('--mixture'), 'utf8')).mixture, Number(optionOf('--tokens')));

function megatron() {
  const listOf = name => {
    const rest = words.slice(words.indexOf(name) + 1);
    const end = rest.findIndex(word => word.startsWith('--'));
    return rest.slice(0, end);
  };
  const names = listOf('--validation-set-names');
  const blend = listOf('--train-data-path');
  const shares = Object.fromEntries(
    names.map(name => [name, Number(blend[blend.findIndex(word => word.includes(`/${name}_`)) - 1] ?? 0)]),
  );
  const [sequence, batch] = [optionOf('--seq-length'), optionOf('--global-batch-size')].map(Number);
  console.log(`  seq_length ................... ${sequence}\n  global_batch_size ............ ${batch}`);
  const interval = Number(optionOf('--eval-interval'));
  for (let step = interval; step <= Number(optionOf('--train-iters')); step += interval) {
    console.log(
      ` iteration ${step}/ ${optionOf('--train-iters')} | consumed samples: ${step * batch} | lm loss: 3.0E+00 |`,
    );
    for (const [domain, loss] of lossesAt(shares, step * sequence * batch)) {
      console.log(
        ` validation-${domain} loss at iteration ${step} | lm loss value: ${loss.toExponential(6).toUpperCase()} |`,
      );
    }
  }
}

function trainMixture(shares, tokens) {
  const checkpoints = [tokens / 2, tokens];
  if (process.env.NANOGPT !== undefined) {
    const lines = checkpoints.map(at =>
      JSON.stringify({ tokens: at, losses: Object.fromEntries(lossesAt(shares, at)) }),
    );
    writeFileSync(`${optionOf('--out')}/losses.jsonl`, `${lines.join('\n')}\n`);
  } else if (process.env.TOKENIZER !== undefined) {
    const log = checkpoints.flatMap((at, i) =>
      lossesAt(shares, at).map(([domain, loss]) => {
        return { [`eval_${domain}_loss`]: loss, num_input_tokens_seen: at, step: i + 1 };
      }),
    );
    const state = { global_step: 2, log_history: log };
    writeFileSync(`${optionOf('--out')}/trainer_state.json`, JSON.stringify(state, null, 2));
  } else {
    mkdirSync(`${optionOf('--task')}/save`, { recursive: true });
    checkpoints.forEach((at, i) => {
      const losses = lossesAt(shares, at).map(([domain, loss]) => [`eval/lm/${domain}/CE loss`, loss]);
      const metrics = { 'throughput/total tokens': at, ...Object.fromEntries(losses) };
      writeFileSync(`${optionOf('--task')}/save/metrics_step${i + 1}.json`, JSON.stringify(metrics));
    });
  }
}
