/** How well watching works: held-out runs replayed checkpoint by checkpoint, as they were and with something going wrong. */

import type { FitLawOptions } from '../fitting/index.ts';
import { fitLaw } from '../fitting/index.ts';
import type { FittedLaw, Law, Stack } from '../laws/index.ts';
import { namedValue } from '../mixture/index.ts';
import { median } from '../numerics/index.ts';
import { defaultTargets, lossAt, mixtureOfRun, type RunTable, type Split, selectRows } from '../observations/index.ts';
import { type Alarm, type LoggedCheckpoint, type WatchedCheckpoint, type WatchOptions, watchRun } from './watch-run.ts';

/** Something that goes wrong from the middle checkpoint of a run on. */
export interface Fault {
  readonly name: string;
  /** Factor on the losses. */
  readonly factor: number;
  /** In each domain in turn, or in all at once. */
  readonly domains: 'one' | 'all';
  /** At the middle checkpoint only. */
  readonly once?: boolean;
}

export interface FaultReplay {
  readonly name: string;
  /** Runs, or runs times domains, that it was put into: those that raise no alarm without it. */
  readonly replays: number;
  /** Part of them in which an alarm was raised from the fault on. */
  readonly detected: number;
  /** Of those detected, in a single domain: part whose first alarm named it; null where all domains were hit. */
  readonly named: number | null;
  /** Checkpoints after the first faulty one until the first alarm, median over the detected; null with none. */
  readonly delay: number | null;
}

export interface WatchReplay {
  readonly runs: number;
  readonly checkpoints: number;
  /** Judged losses inside the interval expected of them from the run so far. */
  readonly coverage: number;
  /** The run's last losses inside the interval expected at its middle checkpoint, and before its first. */
  readonly endCoverage: { readonly fromStart: number; readonly fromMiddle: number };
  /** Median over runs and domains of the interval's width over the loss, at the run's end. */
  readonly endWidth: { readonly fromStart: number; readonly fromMiddle: number };
  /** Part of the runs with an alarm. */
  readonly falseAlarms: number;
  readonly alarms: readonly (Alarm & { readonly run: string })[];
  readonly faults: readonly FaultReplay[];
}

export interface ReplayOptions extends FitLawOptions, Pick<WatchOptions, 'level' | 'falseAlarms'> {
  readonly faults?: readonly Fault[];
}

/** A run held out, the law fitted to the others, and its own last volume as the end. */
interface HeldOutRun {
  readonly name: string;
  readonly checkpoints: readonly LoggedCheckpoint[];
  watch(checkpoints: readonly LoggedCheckpoint[]): readonly WatchedCheckpoint[];
}

/**
 * @param split one that holds out whole runs
 * @param options the watch's, the fit's, and the faults to replay
 */
export function replayRuns(table: RunTable, law: Law | Stack, split: Split, options: ReplayOptions = {}): WatchReplay {
  const { faults = [], level, falseAlarms, ...fit } = options;
  const watching = {
    ...(level === undefined ? {} : { level }),
    ...(falseAlarms === undefined ? {} : { falseAlarms }),
  };
  const runs = split.folds.flatMap(fold => {
    const fitted = fitLaw(selectRows(table, fold.train), law, { ...fit, uncertainty: true, check: false });
    return heldOutRuns(table, fold.test, fitted, watching);
  });
  const replays = runs.map(run => ({ run, watched: run.watch(run.checkpoints) }));
  const judged = replays.flatMap(({ watched }) => watched.filter(checkpoint => checkpoint.judged));
  const measured = judged.flatMap(({ targets }) => targets.filter(({ loss }) => loss !== null));
  const alarms = replays.flatMap(({ run, watched }) =>
    watched.flatMap(checkpoint => checkpoint.alarms.map(alarm => ({ ...alarm, run: run.name }))),
  );
  const healthy = replays.filter(({ watched }) => watched.every(checkpoint => checkpoint.alarms.length === 0));
  const start = endForecasts(replays.map(({ run, watched }) => ({ run, at: watched[0], first: true })));
  const middle = endForecasts(
    replays.map(({ run, watched }) => ({ run, at: watched[middleOf(run.checkpoints) - 1], first: false })),
  );
  return {
    runs: runs.length,
    checkpoints: judged.length,
    coverage: share(measured, ({ outside }) => !outside),
    endCoverage: { fromStart: start.coverage, fromMiddle: middle.coverage },
    endWidth: { fromStart: start.width, fromMiddle: middle.width },
    falseAlarms: share(replays, replay => !healthy.includes(replay)),
    alarms,
    faults: faults.map(fault =>
      replayFault(
        healthy.map(({ run }) => run),
        fault,
      ),
    ),
  };
}

function heldOutRuns(
  table: RunTable,
  rows: Int32Array,
  fitted: FittedLaw,
  options: Pick<WatchOptions, 'level' | 'falseAlarms'>,
): HeldOutRun[] {
  const targets = defaultTargets(table);
  return [...new Set(Array.from(rows, row => table.rowRun[row]))].map(run => {
    const own = rows.filter(row => table.rowRun[row] === run);
    const checkpoints = Array.from(own, (row): LoggedCheckpoint => {
      const losses = targets.flatMap(target => {
        const loss = lossAt(table, row, target);
        return Number.isNaN(loss) ? [] : [[table.evaluationDomains[target], loss] as const];
      });
      return { volume: table.rowVolume[row], losses: Object.fromEntries(losses) };
    });
    const end = table.rowVolume[own[own.length - 1]];
    const { name, size } = table.runs[run];
    return {
      name,
      checkpoints,
      watch: logged =>
        watchRun(fitted, mixtureOfRun(table, run), logged, {
          ...options,
          end,
          ...(size === undefined ? {} : { size }),
        }),
    };
  });
}

/** How the last losses of runs fell into what was expected of them at some checkpoint. */
function endForecasts(
  forecasts: readonly { readonly run: HeldOutRun; readonly at: WatchedCheckpoint; readonly first: boolean }[],
): { readonly coverage: number; readonly width: number } {
  const ends = forecasts.flatMap(({ run, at }) => {
    const last = run.checkpoints[run.checkpoints.length - 1];
    return at.targets.flatMap(({ target, end }) => {
      const loss = namedValue(last.losses, target);
      return loss === undefined ? [] : [{ ...end, observed: loss }];
    });
  });
  return {
    coverage: share(ends, ({ observed, lower, upper }) => observed >= lower && observed <= upper),
    width: median(ends.map(({ lower, upper, loss }) => (upper - lower) / loss)),
  };
}

/** Number of the checkpoint at which faults begin. */
function middleOf(checkpoints: readonly LoggedCheckpoint[]): number {
  return Math.max(1, Math.floor(checkpoints.length / 2));
}

function replayFault(runs: readonly HeldOutRun[], fault: Fault): FaultReplay {
  const outcomes = runs.flatMap(run => {
    const from = middleOf(run.checkpoints);
    const domains = Object.keys(run.checkpoints[from]?.losses ?? {});
    const hit = fault.domains === 'one' ? domains.map(domain => [domain]) : [domains];
    return hit.map(struck => {
      const faulty = run.checkpoints.map((checkpoint, n) => {
        if (n < from || (fault.once === true && n > from)) return checkpoint;
        const losses = Object.entries(checkpoint.losses).map(
          ([domain, loss]) => [domain, struck.includes(domain) ? loss * fault.factor : loss] as const,
        );
        return { ...checkpoint, losses: Object.fromEntries(losses) };
      });
      const watched = run.watch(faulty);
      const at = watched.findIndex(({ alarms }) => alarms.length > 0);
      return { delay: at < 0 ? null : at - from, named: at >= 0 && struck.includes(watched[at].alarms[0].target) };
    });
  });
  const detected = outcomes.filter(({ delay }) => delay !== null);
  return {
    name: fault.name,
    replays: outcomes.length,
    detected: outcomes.length === 0 ? 0 : detected.length / outcomes.length,
    named: fault.domains === 'all' ? null : share(detected, ({ named }) => named),
    delay: detected.length === 0 ? null : median(detected.map(({ delay }) => delay as number)),
  };
}

function share<T>(list: readonly T[], holds: (item: T) => boolean): number {
  return list.length === 0 ? Number.NaN : list.filter(holds).length / list.length;
}
