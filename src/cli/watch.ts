/** `bimix watch`: a run under way against its prediction. */

import type { Command } from '@commander-js/extra-typings';
import { BimixError } from '../errors/index.ts';
import { followFile, type InputFile, pauseFor, readInputFile } from '../files/index.ts';
import { parseColumnFlags, type RunLog, type RunLogOptions, readRunLog } from '../importers/index.ts';
import { type FittedLaw, volumeForLaw, type Warning } from '../laws/index.ts';
import { alignMixture, makeMixture, parseQuantity } from '../mixture/index.ts';
import { type WatchedCheckpoint, watchRun } from '../monitoring/index.ts';
import { CheckFailed } from './check-failed.ts';
import { positiveNumber } from './fit-settings.ts';
import { untilInterrupted } from './interruption.ts';
import { intervalLevel } from './interval-option.ts';
import { describeLaw, describeVolume, readLaw, SIZE_HELP, volumeOption } from './law-argument.ts';
import { mappingOption } from './map-option.ts';
import { MIXTURE_HELP, mixturesOfLaw, readNamedMixture } from './mixture-argument.ts';
import { heading, printText, sayWarnings } from './print.ts';
import { collect } from './selected-runs.ts';
import { write } from './terminal.ts';
import { alarmText, checkpointLine, lastTable, lineTitles } from './watch-text.ts';
import { watchedLog } from './watched-log.ts';

export function addWatch(program: Command): void {
  program
    .command('watch')
    .summary('compare a run under way with its prediction')
    .description(
      'Reads the log of one run, compares each checkpoint with its prediction from the mixture and the checkpoints before it, predicts the end of the run, and raises an alarm when the run leaves its prediction. A single checkpoint outside its interval raises no alarm: one in ten is expected to be. Losses are nats per token, weights are shares of tokens.',
    )
    .argument('<law>', 'law.json, from bimix fit')
    .argument('<log>', 'losses by domain at steps or tokens: JSON lines, CSV, or a runs.jsonl')
    .option('--mixture <mixture>', `${MIXTURE_HELP} (default: the log's own)`)
    .option('--run <name>', 'run to watch, where the log holds several')
    .option('--tokens <count>', 'tokens at which the run will end (default: the largest volume of the fit)')
    .option('--steps <count>', 'the same in steps')
    .option('--tokens-per-step <count>', 'tokens in a step, where the log counts steps and the law tokens')
    .option('--size <size>', SIZE_HELP)
    .option(
      '--map <log=target>',
      'which target of the law a loss in the log belongs to, where names differ; may be repeated',
      collect,
      [],
    )
    .option('--column <key=column>', "what the log's columns mean: losses=eval/*/ce; may be repeated", collect, [])
    .option('--interval <percent>', 'intervals meant to cover this percentage of checkpoints', '90')
    .option(
      '--false-alarms <percent>',
      'largest percentage of runs that raise an alarm although they go as predicted',
      '5',
    )
    .option('--follow', 'keep reading while the log grows, until the end of the run or Ctrl-C')
    .option('--every <seconds>', 'with --follow: seconds between reads of the log', '10')
    .option('--check', 'exit with code 4 when an alarm was raised')
    .option('--json', 'print JSON, one line per checkpoint')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix watch law.json run.jsonl --mixture mix.yaml --tokens-per-step 500K
  $ bimix watch law.json runs.jsonl --run v3-large --check
  $ bimix watch law.json evals.csv --mixture mix.yaml --tokens 20B --follow`,
    )
    .action(async (path, logPath, options) => {
      const fitted = await readLaw(path, options.size);
      if (fitted.volume.unit === 'none') throw withoutVolume();
      const asked = volumeOption(options);
      const end = asked === undefined ? fitted.volume.largest : volumeForLaw(fitted, asked);
      const level = intervalLevel(options.interval);
      const perStep =
        options.tokensPerStep === undefined
          ? undefined
          : parseQuantity(options.tokensPerStep, 'number of tokens per step');
      const reading: RunLogOptions = {
        ...(options.run === undefined ? {} : { run: options.run }),
        ...(fitted.size === undefined ? {} : { size: fitted.size }),
        ...(options.column.length === 0 ? {} : { columns: parseColumnFlags(options.column) }),
      };
      const settings = { level, end, falseAlarms: falseAlarmRate(options.falseAlarms) };
      const mapping = mappingOption(options.map);
      const named =
        options.mixture === undefined ? undefined : await readNamedMixture(options.mixture, mixturesOfLaw(fitted));
      const report = new WatchReport(fitted, level, end, options.json === true);
      const stop = new AbortController();
      await untilInterrupted(
        () => stop.abort(),
        async () => {
          const pause = pauseFor(positiveNumber('--every', options.every), stop.signal);
          const files = options.follow ? followFile(logPath, { signal: stop.signal, pause }) : once(logPath);
          for await (const file of files) {
            const log = await readRunLog(file, reading);
            const { checkpoints, ignored, lastIsWhole } = watchedLog(fitted, log, perStep, mapping);
            const ready = options.follow && !lastIsWhole ? checkpoints.slice(0, -1) : checkpoints;
            if (ready.length === 0) continue;
            const shares = named?.shares ?? sharesOfLog(fitted, log);
            report.show(watchRun(fitted, shares, ready, settings), [
              ...(ignored.length === 0 ? [] : [ignoredLosses(ignored)]),
              ...otherMixture(fitted, shares, log),
            ]);
            if (ready[ready.length - 1].volume >= end * 0.999) stop.abort();
          }
        },
      );
      report.end(options.follow === true, logPath);
      if (options.check && report.alarms > 0) throw new CheckFailed();
    });
}

/** What was printed so far, so that each checkpoint is printed once. */
class WatchReport {
  alarms = 0;
  private printed = 0;
  private last: WatchedCheckpoint | undefined;
  private readonly fitted: FittedLaw;
  private readonly level: number;
  private readonly runEnd: number;
  private readonly json: boolean;

  constructor(fitted: FittedLaw, level: number, runEnd: number, json: boolean) {
    this.fitted = fitted;
    this.level = level;
    this.runEnd = runEnd;
    this.json = json;
  }

  /** @param warnings said before the first checkpoint */
  show(watched: readonly WatchedCheckpoint[], warnings: readonly Warning[]): void {
    if (this.last === undefined) {
      sayWarnings(warnings);
      if (!this.json)
        write(
          `Against ${describeLaw(this.fitted)}. Losses in nats per token.\n${lineTitles(this.fitted, this.runEnd)}\n`,
        );
    }
    // What was printed stays: a log rewritten or restarted goes on after the largest volume seen.
    const from = this.last?.volume ?? 0;
    for (const checkpoint of watched.filter(({ volume }) => volume > from)) this.print(checkpoint);
  }

  end(followed: boolean, path: string): void {
    if (this.last === undefined) {
      if (followed) return;
      throw new BimixError('missing-losses', `missing losses: ${path} has no checkpoint with a loss yet`, {
        hint: 'Pass --follow to wait for the first, or --column losses=PATTERN to say which columns are losses.',
        where: { file: path },
      });
    }
    if (this.json) return;
    printText(
      `\n${heading('Last checkpoint')} at ${describeVolume(this.fitted, this.last.volume)}\n${lastTable(this.last, this.level)}`,
      this.alarms === 0
        ? `No alarm in ${this.printed} checkpoints.`
        : `${this.alarms} ${this.alarms === 1 ? 'alarm' : 'alarms'} in ${this.printed} checkpoints.`,
    );
  }

  private print(checkpoint: WatchedCheckpoint): void {
    this.last = checkpoint;
    this.printed++;
    this.alarms += checkpoint.alarms.length;
    const { unit } = this.fitted.volume;
    const lines = this.json
      ? [JSON.stringify({ unit, ...checkpoint })]
      : [checkpointLine(checkpoint), ...checkpoint.alarms.map(alarm => alarmText(alarm, unit))];
    write(`${lines.join('\n')}\n`);
  }
}

async function* once(path: string): AsyncGenerator<InputFile> {
  yield await readInputFile(path);
}

function sharesOfLog(fitted: FittedLaw, { mixture, unnamedMixture }: RunLog): Float64Array {
  if (mixture !== undefined)
    return alignMixture(makeMixture(mixture, { name: 'of the log' }), fitted.trainingDomains, 'the log');
  throw new BimixError('missing-mixture', 'missing mixture: the log does not say what the run is trained on', {
    hint:
      unnamedMixture === undefined
        ? 'Pass --mixture FILE.'
        : `Pass --column 'weights=${unnamedMixture.pattern}' if these columns are its shares of tokens, or --mixture FILE.`,
  });
}

function ignoredLosses(names: readonly string[]): Warning {
  return { code: 'ignored-losses', message: `no targets of the law, left out: ${names.join(', ')}` };
}

/** Columns like shares of tokens that nobody named and that say another mixture than the one the run is held against. */
function otherMixture({ trainingDomains }: FittedLaw, shares: Float64Array, { unnamedMixture }: RunLog): Warning[] {
  if (unnamedMixture === undefined) return [];
  const differs = trainingDomains.some(
    (domain, j) => Math.abs((unnamedMixture.shares[domain] ?? 0) - shares[j]) > 0.01,
  );
  if (!differs) return [];
  const message = `columns ${unnamedMixture.pattern} of the log look like shares of tokens and differ from --mixture, which is used`;
  return [{ code: 'other-mixture', message }];
}

function falseAlarmRate(text: string): number {
  const percent = positiveNumber('--false-alarms', text.replace(/\s*%$/, ''));
  if (percent < 100) return percent / 100;
  throw new BimixError('invalid-number', `invalid --false-alarms ${text}: expected a percentage below 100`);
}

function withoutVolume(): BimixError {
  return new BimixError('invalid-law', 'invalid law for watching: it was fitted without a data volume', {
    hint: 'Fit it to runs with checkpoints at known tokens or steps.',
  });
}
