/**
 * Ways to choose a mixture, tried: proxies, laws, optima, and final runs with larger models and several seeds, on two sets of
 * sample corpora.
 *
 * Run: npm run experiment -- [--scale small|full|tiny] [--groups prose-and-code,...] [--work experiment] [--parallel 2]
 *
 * Goes on where an earlier run stopped. Writes docs/experiments/SCALE.md and the losses of all runs beside it.
 */

import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BimixError, didYouMean } from '../src/errors/index.ts';
import { bimixVersion, writeWholeFile } from '../src/files/index.ts';
import { sampleGroups } from '../src/proxies/index.ts';
import { runDataset } from './experiment/dataset.ts';
import { experimentPage } from './experiment/page.ts';
import { SCALES } from './experiment/scales.ts';

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: 'small' },
    groups: { type: 'string' },
    work: { type: 'string', default: 'experiment' },
    parallel: { type: 'string', default: '2' },
    output: { type: 'string', default: 'docs/experiments' },
  },
});
const scale = SCALES.find(({ name }) => name === values.scale);
if (scale === undefined) {
  const hint = didYouMean(
    values.scale,
    SCALES.map(({ name }) => name),
  );
  throw new BimixError('unknown-scale', `unknown scale "${values.scale}"`, { hint });
}
const groups = values.groups?.split(',') ?? sampleGroups().map(({ name }) => name);
const datasets = [];
for (const group of groups) {
  const dataset = await runDataset(values.work, group, scale, Number(values.parallel));
  datasets.push(dataset);
  const folder = path.join(values.output, scale.name, group);
  await mkdir(folder, { recursive: true });
  for (const name of ['proxies', 'trials', 'finals']) {
    for (const kind of ['plan', 'runs']) {
      const file = `${name}.${kind}.jsonl`;
      await copyFile(path.join(values.work, scale.name, group, file), path.join(folder, file));
    }
  }
  const page = experimentPage(scale, datasets, {
    version: bimixVersion(),
    node: process.version,
    command: `npm run experiment -- --scale ${scale.name}${values.groups === undefined ? '' : ` --groups ${values.groups}`}`,
  });
  await writeWholeFile(path.join(values.output, `${scale.name}.md`), `${page}\n`);
}
