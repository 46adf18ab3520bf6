/** `bimix status`: every run of a folder, from its files. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from '@commander-js/extra-typings';
import pc from 'picocolors';
import {
  compareRuns,
  logEnd,
  type RunState,
  readPlanFolder,
  readRunStates,
  type TrainablePlan,
} from '../proxies/index.ts';
import { positiveNumber } from './fit-settings.ts';
import { countOf } from './number-text.ts';
import { printJson, printText } from './print.ts';
import { runsFolder } from './runs-folder.ts';
import { stateCounts, stateJson, statusLegend, statusTable, troubleText } from './status-text.ts';
import { write } from './terminal.ts';

/** Clears the screen and goes to its top. */
const CLEAR = '\u001b[2J\u001b[H';

export function addStatus(program: Command): void {
  program
    .command('status')
    .summary('show every run: state, tokens, losses against the others')
    .description(
      'Shows the state of the runs of bimix run from their files alone, whoever started them, here or on a cluster. Losses are validation losses in nats per token.',
    )
    .argument('[folder]', 'folder of the runs (default: that of the bimix.yaml here, else runs)')
    .option('--watch', 'keep refreshing until all runs have ended or you press Ctrl-C')
    .option('--every <seconds>', 'with --watch: seconds between refreshes', '5')
    .option('--json', 'print JSON; with --watch, one line per refresh')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix status
  $ bimix status trial-runs --watch
  $ bimix status --json`,
    )
    .action(async (named, options) => {
      const seconds = positiveNumber('--every', options.every);
      const folder = await runsFolder(named);
      const plan = await readPlanFolder(folder);
      for (;;) {
        const states = await readRunStates(plan, folder);
        await showStates(plan, folder, states, { json: options.json === true, watched: options.watch === true });
        if (options.watch !== true || states.every(({ hasEnded }) => hasEnded)) return;
        await pause(1000 * seconds);
      }
    });
}

export interface ShowOptions {
  readonly json: boolean;
  /** Shown again and again. */
  readonly watched: boolean;
}

/** Writes how the runs stand to standard output. */
export async function showStates(
  { project }: TrainablePlan,
  folder: string,
  states: readonly RunState[],
  { json, watched }: ShowOptions,
): Promise<void> {
  const comparisons = compareRuns(states, project.objective);
  const logs = await Promise.all(states.map(state => (state.state === 'failed' ? logEnd(state) : [])));
  if (json) {
    const value = { folder, runs: states.map((state, n) => stateJson(state, comparisons[n], logs[n])) };
    if (watched) write(`${JSON.stringify(value)}\n`);
    else printJson(value);
    return;
  }
  if (watched && process.stdout.isTTY) process.stdout.write(CLEAR);
  const unit = states.find(({ losses }) => losses !== null)?.losses?.lossUnit ?? 'nats';
  printText(
    `${pc.bold(folder)}: ${countOf(states.length, 'run')}, ${stateCounts(states)}`,
    statusTable(states, comparisons),
    statusLegend(comparisons, unit === 'nats' ? 'nats per token' : unit),
    troubleText(states, logs),
  );
}
