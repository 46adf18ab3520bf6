// Reads mutated inputs with every reader, as test/fuzz does in the suite: npm run fuzz -- --seed 2 --inputs 100000 --keep FOLDER

import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    inputs: { type: 'string', default: '100000' },
    keep: { type: 'string', default: 'fuzz-failures' },
  },
});
const env = { ...process.env, FUZZ_SEED: values.seed, FUZZ_INPUTS: values.inputs, FUZZ_FOLDER: values.keep };
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'cli', 'test/fuzz', '--disable-console-intercept'], { stdio: 'inherit', env });
process.exit(status ?? 1);
