/** The runs of a plan under way: a line of progress, and Ctrl-C. */

import { setTimeout as pause } from 'node:timers/promises';
import type { TaskStatus } from '../cluster/index.ts';
import { BimixError } from '../errors/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { type RunState, readRunStates, type TrainablePlan } from '../proxies/index.ts';
import { untilInterrupted } from './interruption.ts';
import { countOf } from './number-text.ts';
import { duration } from './progress.ts';
import { startLine } from './progress-line.ts';
import { rateText, stateCounts } from './status-text.ts';
import { writeError } from './terminal.ts';
import { TimeLeft } from './time-left.ts';

/** Milliseconds between two looks at the runs' progress, at least. */
const LOOK_MS = 1000;
/** Rest after a look, at least, as a multiple of the time it took. */
const LOOK_REST = 10;

type OnChange = (statuses: readonly TaskStatus[]) => void;

/**
 * Runs with a line of progress, until all have ended or somebody stops them.
 *
 * @throws BimixError `missing-runs` when they were stopped
 */
export async function untilStopped(
  command: string,
  plan: TrainablePlan,
  folder: string,
  work: (signal: AbortSignal, onChange: OnChange) => Promise<readonly TaskStatus[]>,
): Promise<void> {
  const stop = new AbortController();
  const interrupt = (): void => {
    writeError('\nstopping: runs save what they have done\n');
    stop.abort();
  };
  const line = startLine('starting the runs');
  const text = new ProgressText();
  let statuses: readonly TaskStatus[] | undefined;
  const over = new AbortController();
  const looks = again(over.signal, async () => {
    // Files that are being written are read at the next look.
    const states = await readRunStates(plan, folder, statuses).catch(() => undefined);
    if (states !== undefined && !stop.signal.aborted && !over.signal.aborted) line.show(text.of(states));
  });
  try {
    statuses = await untilInterrupted(interrupt, () =>
      work(stop.signal, changed => {
        statuses = changed;
      }),
    );
  } finally {
    over.abort();
    await looks;
    line.end();
  }
  const done = statuses.filter(({ state }) => state === 'done').length;
  if (!stop.signal.aborted || done === statuses.length) return;
  throw new BimixError('missing-runs', `missing runs: stopped with ${done} of ${statuses.length} done`, {
    hint: `To continue, run the same command: ${command}`,
  });
}

/** With pauses between, long ones where a look takes long. */
async function again(signal: AbortSignal, look: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    const began = performance.now();
    await look();
    const rest = Math.max(LOOK_MS, LOOK_REST * (performance.now() - began));
    // An abort ends the wait by throwing, and is no failure.
    await pause(rest, undefined, { signal }).catch(() => undefined);
  }
}

/** `12 runs: 3 done, 2 running, 7 waiting; 5.2M of 12M tokens, 45K tokens/s, 4 min left` */
class ProgressText {
  readonly #time = new TimeLeft();

  of(states: readonly RunState[]): string {
    const total = states.reduce((sum, { run }) => sum + (run.tokens ?? 0), 0);
    const open = states.filter(({ hasEnded }) => !hasEnded);
    const left = open.reduce((sum, { run, tokens }) => sum + Math.max(0, (run.tokens ?? 0) - (tokens ?? 0)), 0);
    const work = [total - left, total, total / states.length] as const;
    const [rate, time] = [this.#time.pace(...work), this.#time.after(...work)];
    const pace =
      rate === undefined || time === undefined ? '' : `, ${rateText(1000 * rate)} tokens/s, ${duration(time)} left`;
    const counts = `${countOf(states.length, 'run')}: ${stateCounts(states)}`;
    return `${counts}; ${formatQuantity(total - left)} of ${formatQuantity(total)} tokens${pace}`;
  }
}
