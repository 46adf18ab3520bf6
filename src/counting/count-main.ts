/**
 * The process that counts one shard, or merges the counts of one domain.
 *
 *   node count-main.js count SHARD.json --out FOLDER --workers N --memory BYTES
 *   node count-main.js merge A.counts B.counts ... --out FILE
 */

import { parseArgs } from 'node:util';
import { BimixError } from '../errors/index.ts';
import { countPlans } from './count-corpus.ts';
import { mergeCountFiles } from './merge-counts.ts';
import { readShard } from './shard-file.ts';

const EVERY_MS = 10_000;
let last = 0;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: '.' },
    workers: { type: 'string', default: '0' },
    memory: { type: 'string', default: String(2 ** 30) },
  },
});
const [what, ...paths] = positionals;
try {
  if (what === 'merge') {
    await mergeCountFiles(paths, values.out);
  } else {
    const plans = await readShard(paths[0], values.out);
    const files = await countPlans(plans, {
      workFolder: values.out,
      workers: Number(values.workers),
      memoryBytes: Number(values.memory),
      onProgress: ({ domain, tokens, partsDone, parts }) => {
        if (performance.now() - last < EVERY_MS) return;
        last = performance.now();
        console.log(`${domain}: ${tokens} tokens, ${partsDone} of ${parts} parts`);
      },
    });
    console.log(`counted ${[...files.keys()].join(', ')}`);
  }
} catch (error) {
  console.error(error instanceof BimixError ? error.describe() : error);
  process.exitCode = 1;
}
