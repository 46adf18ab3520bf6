// Reads mutated inputs with every reader, as test/fuzz does in the suite.

import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const HELP = `npm run fuzz -- [--seed 1] [--inputs 100000] [--keep fuzz-failures] [--restart]

Changes valid files, a seed of each format, and reads each with its reader of the last build. Wrong are: more than 5 s, an error
without words of our own, a number that is not finite, and a file that was cut and taken for a whole one.

--seed N      which changes; the same number gives the same inputs
--inputs N    how many: 50 to 100 a second
--keep FOLDER where inputs that fail are kept, and how far it got
--restart     start over; else a run that was stopped continues

It prints how far it is every 1,000 inputs, and ends with 1 where one failed. The suite reads 2,000 of seed 1.`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    inputs: { type: 'string', default: '100000' },
    keep: { type: 'string', default: 'fuzz-failures' },
    restart: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
for (const name of ['seed', 'inputs']) {
  if (/^\d+$/.test(values[name])) continue;
  console.error(`invalid --${name} "${values[name]}": expected a whole number`);
  process.exit(2);
}
if (values.restart) rmSync(path.join(values.keep, `progress-${Number(values.seed)}.json`), { force: true });
const env = { ...process.env, FUZZ_SEED: values.seed, FUZZ_INPUTS: values.inputs, FUZZ_FOLDER: values.keep };
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'cli', 'test/fuzz', '--disable-console-intercept'], { stdio: 'inherit', env });
process.exit(status ?? 1);
