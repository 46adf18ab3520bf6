/**
 * How well the rest of a run is predicted and watched. Run from the root:
 *   npx tsc -p bench && node bench/build/bench/watch.bench.js [--data ../shared/data] [--law bimix-transfer] [--late | --replay]
 *
 * --late: errors at last steps of the public tables, predicted from checkpoints up to 50 and 80 %, with and without run offsets.
 * --replay: held-out runs (kfold:5, seed 0) replayed checkpoint by checkpoint: coverage, false alarms, and how soon a fault that
 * is put into healthy runs is detected.
 */

import { parseArgs } from 'node:util';
import { evaluate, lawForecaster, offsetForecaster } from '../src/evidence/index.ts';
import { findLaw } from '../src/laws/index.ts';
import { type Fault, replayRuns } from '../src/monitoring/index.ts';
import { parseWhere, type RunTable, selectWhere, splitRuns } from '../src/observations/index.ts';
import { LATE_ROWS, PUBLIC_TABLES, type PublicTableName, publicTable } from '../test/public-tables.ts';

const FAULTS: readonly Fault[] = [
  { name: '+2 % in one domain from mid-run', factor: 1.02, domains: 'one' },
  { name: '+5 % in one domain from mid-run', factor: 1.05, domains: 'one' },
  { name: 'a spike of +5 % in all domains', factor: 1.05, domains: 'all', once: true },
  { name: 'a spike of +20 % in all domains', factor: 1.2, domains: 'all', once: true },
];

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    law: { type: 'string', default: 'bimix-transfer' },
    late: { type: 'boolean', default: false },
    replay: { type: 'boolean', default: false },
  },
});
const law = findLaw(values.law);
const both = !values.late && !values.replay;
if (both || values.late) await late();
if (both || values.replay) await replay();

async function late(): Promise<void> {
  console.log('MRE at last steps, %: the law, and with run offsets; default fit, and without pooling and warm-up rule');
  for (const name of PUBLIC_TABLES) {
    const where = LATE_ROWS[name];
    const whole = where === undefined ? undefined : await tableOf(name);
    if (where === undefined || whole === undefined) continue;
    const table = selectWhere(whole, parseWhere(where));
    for (const split of ['after:0.5', 'after:0.8']) {
      const figures = [{}, { pool: false, warmUp: false }].map(options => {
        const forecasters = [lawForecaster(law, options), offsetForecaster(law, options)];
        const { laws } = evaluate(table, forecasters, splitRuns(table, split, 0));
        return laws.map(({ mean }) => percent(mean.mreAtLast ?? Number.NaN, 3)).join(' -> ');
      });
      console.log(`${name.padEnd(16)} ${split}  ${where.padEnd(12)} ${figures.join('   ')}`);
    }
  }
}

async function replay(): Promise<void> {
  console.log(
    `\nheld-out runs of ${law.name} replayed, kfold:5, seed 0; intervals of 90 %, alarms in 5 % of healthy runs at most`,
  );
  let runs = 0;
  let alarmed = 0;
  for (const name of PUBLIC_TABLES) {
    const table = await tableOf(name);
    if (table === undefined || table.volumeUnit === 'none') continue;
    const result = replayRuns(table, law, splitRuns(table, 'kfold:5', 0), { faults: FAULTS });
    runs += result.runs;
    alarmed += Math.round(result.falseAlarms * result.runs);
    const { coverage, endCoverage, endWidth, falseAlarms } = result;
    console.log(
      `${name}: ${result.runs} runs, ${result.checkpoints} checkpoints; inside ${percent(coverage)} %; end predicted from the start ${percent(endCoverage.fromStart)} % (width ${percent(endWidth.fromStart, 2)} %), from mid-run ${percent(endCoverage.fromMiddle)} % (${percent(endWidth.fromMiddle, 2)} %); runs with an alarm ${percent(falseAlarms)} %`,
    );
    for (const { run, kind, target, volume, deviation } of result.alarms) {
      console.log(`    alarm: ${run} ${kind} ${target} at ${volume}, ${percent(deviation ?? Number.NaN)} %`);
    }
    for (const fault of result.faults) {
      const named = fault.named === null ? '' : `, named ${percent(fault.named)} %`;
      console.log(
        `    ${fault.name}: detected in ${percent(fault.detected)} % of ${fault.replays}${named}, ${fault.delay ?? '-'} checkpoints after the first`,
      );
    }
  }
  console.log(`all: ${alarmed} of ${runs} runs with an alarm`);
}

async function tableOf(name: PublicTableName): Promise<RunTable | undefined> {
  try {
    return await publicTable(name, values.data);
  } catch (error) {
    console.log(`skipped: ${name}: ${(error as Error).message}`);
    return undefined;
  }
}

function percent(fraction: number, digits = 1): string {
  return (100 * fraction).toFixed(digits);
}
