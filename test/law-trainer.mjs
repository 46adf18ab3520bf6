// A trainer whose losses follow a law, for tests: L(domain) = 1.5 + (share x tokens)^-0.3 x 8, checkpoints at eighths of the tokens.
//   node law-trainer.mjs MIXTURE.json TOKENS SEED OUT TASK
// TRAINER_MS: milliseconds a checkpoint. A run goes on from the checkpoint in TASK. Runs with more than 0.3 of code fail while the
// working folder has a file FAIL; runs with a seed of 13 diverge.
import { appendFileSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const [mixtureFile, tokens, seed, out, task] = process.argv.slice(2);
const mixture = JSON.parse(readFileSync(mixtureFile, 'utf8')).mixture;
const [log, checkpoint, results] = [`${task}/log.txt`, `${task}/losses.jsonl`, `${out}/losses.jsonl`];
const lines = existsSync(checkpoint) ? readFileSync(checkpoint, 'utf8').trim().split('\n') : [];
appendFileSync(log, `from ${lines.length}\n`);
console.log(`from checkpoint ${lines.length}`);
if (existsSync('FAIL') && mixture.code > 0.3) {
  console.error('out of memory, or so');
  process.exit(7);
}
for (let n = lines.length + 1; n <= 8; n++) {
  await pause(Number(process.env.TRAINER_MS ?? 1));
  const at = (Number(tokens) * n) / 8;
  const losses = Object.entries(mixture).map(([domain, share]) => {
    const loss = seed === '13' && n > 5 ? Number.NaN : 1.5 + 8 * (Math.max(share, 1e-3) * at) ** -0.3;
    return `"${domain}_loss": ${loss}`;
  });
  lines.push(`{"tokens": ${at}, ${losses.join(', ')}}`);
  writeFileSync(checkpoint, `${lines.join('\n')}\n`);
  copyFileSync(checkpoint, results);
}
copyFileSync(checkpoint, results);
