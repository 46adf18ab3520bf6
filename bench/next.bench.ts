/**
 * What choosing runs is worth: replays on the public tables. Run from the root:
 *   npx tsc -p bench && node bench/build/bench/next.bench.js [--table regmix-train-1m,dmsl-122M] [--replays 20] [--start 8]
 *     [--seed 0] [--until 40] [--choices optimum,random,...] [--law bimix-transfer] [--data ../shared/data] [--svg FILE]
 *
 * Each replay begins with runs drawn by its seed, from --seed on, adds one run at a time from those left, refits the law and
 * decides on the mixture with the lowest expected loss, cautiously. Printed: the median regret over replays at each number of
 * runs, that is the measured mean loss of the mixture decided on above the least of the table, and the fewest runs at which it
 * is within a level. --svg draws the curves of the last table.
 */

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { JSDOM } from 'jsdom';
import { domainPalette, type RegretCurve, regretCurvesChart } from '../src/charts/index.ts';
import { type Choice, medianRegret, replay, runsToReach } from '../src/design/index.ts';
import { findLaw } from '../src/laws/index.ts';
import { type PublicTableName, publicTable } from '../test/public-tables.ts';

const LEVELS = [0.01, 0.005, 0.0025, 0.001];

const { values } = parseArgs({
  options: {
    table: { type: 'string', default: 'regmix-train-1m,dmsl-122M' },
    replays: { type: 'string', default: '20' },
    seed: { type: 'string', default: '0' },
    start: { type: 'string', default: '8' },
    until: { type: 'string', default: '40' },
    choices: { type: 'string', default: 'optimum,random,coefficients,intervals,knowledge gradient' },
    law: { type: 'string', default: 'bimix-transfer' },
    data: { type: 'string', default: '../shared/data' },
    svg: { type: 'string' },
  },
});
const law = findLaw(values.law);
const start = Number(values.start);
const replays = Number(values.replays);
const firstSeed = Number(values.seed);

for (const name of values.table.split(',')) await benchTable(name as PublicTableName);

async function benchTable(name: PublicTableName): Promise<void> {
  const table = await publicTable(name, values.data);
  const until = Math.min(Number(values.until), table.runs.length);
  const caption = `${name}: ${table.runs.length} runs, ${replays} replays from ${start} runs each, seeds from ${firstSeed}, law ${law.name}`;
  console.log(`\n${caption}`);
  console.log(`${'choice'.padEnd(20)}runs to reach ${LEVELS.map(percent).join(', ')}   median regret, %, by runs`);
  const curves: RegretCurve[] = [];
  for (const choice of values.choices.split(',') as Choice[]) {
    const before = process.cpuUsage().user;
    const all = Array.from({ length: replays }, (_, i) =>
      replay(table, { law, choice, seed: firstSeed + i, start, until }),
    );
    const seconds = (process.cpuUsage().user - before) / 1e6 / replays;
    const points = medianRegret(all);
    curves.push({ choice, points });
    const reached = LEVELS.map(level => String(runsToReach(points, level) ?? `>${until}`).padStart(4)).join(' ');
    const curve = points.map(({ runs, regret }) => `${runs}:${(100 * regret).toFixed(2)}`).join(' ');
    console.log(`${choice.padEnd(20)}${reached}   ${curve}   (${seconds.toFixed(1)} s a replay)`);
  }
  if (values.svg !== undefined) writeFileSync(values.svg, svgOf(curves, caption));
}

function svgOf(curves: readonly RegretCurve[], caption: string): string {
  const { window } = new JSDOM('');
  const palette = domainPalette(curves.map(({ choice }) => choice));
  const chart = regretCurvesChart({ curves, level: 0.005, caption }, palette, { document: window.document });
  return `${new window.XMLSerializer().serializeToString(chart)}\n`;
}

function percent(fraction: number): string {
  return `${Number((100 * fraction).toFixed(3))} %`;
}
