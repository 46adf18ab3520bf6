/** What to report about runs whose losses become one table. */

import { counted, type Finding, findingOf } from '../observations/index.ts';
import type { Project } from './project.ts';
import type { RunLosses } from './run-losses.ts';
import type { RunState } from './run-state.ts';

export interface CollectOptions {
  /** Checkpoints of runs that have not ended, too. */
  readonly unfinished?: boolean;
  /** What runs that diverged had measured before, too. */
  readonly diverged?: boolean;
}

/** A run and its losses. */
export interface MeasuredRun extends RunLosses {
  readonly state: RunState;
}

/** Runs whose losses are not in the table, and those of which only a part is. */
export function leftOut(states: readonly RunState[], { unfinished, diverged }: CollectOptions): Finding[] {
  const named = (chosen: readonly RunState[]): string[] =>
    chosen.map(({ run, reason, state }) => `${run.name}: ${reason ?? state}`);
  const broken = states.filter(({ losses }) => losses !== null && losses.diverged !== null);
  const failed = states.filter(({ state }) => state === 'failed');
  const open = states.filter(({ hasEnded, state }) => !hasEnded && state !== 'diverged');
  return [
    ...findingOf('suspicion', 'diverged-runs', named(broken), n =>
      diverged
        ? `${counted(n, 'run')} diverged, kept as far as losses are numbers: ${listed(broken)}`
        : `${counted(n, 'run')} left out that diverged: ${listed(broken)}`,
    ),
    ...findingOf(
      'suspicion',
      'failed-runs',
      named(failed),
      n => `${counted(n, 'run')} left out that failed: ${listed(failed)}`,
    ),
    ...findingOf('note', 'unfinished-runs', named(open), n =>
      unfinished
        ? `${counted(n, 'run')} not finished, taken as far as it is: ${listed(open)}`
        : `${counted(n, 'run')} not finished and left out: ${listed(open)}`,
    ),
  ];
}

/** What was found in single runs, together by what it is. */
export function ofRuns(runs: readonly MeasuredRun[]): Finding[] {
  const codes = new Set(runs.flatMap(({ findings }) => findings.map(({ code }) => code)));
  return [...codes].map(code => {
    const found = runs.flatMap(({ findings, state }) =>
      findings.filter(finding => finding.code === code).map(finding => ({ finding, state })),
    );
    const [{ finding, state }] = found;
    const others = found.length === 1 ? '' : ` and ${counted(found.length - 1, 'other run')}`;
    return {
      ...finding,
      message: `run "${state.run.name}"${others}: ${finding.message}`,
      count: found.length,
      items: found.flatMap(({ finding: { items }, state: { run } }) => items.map(item => `${run.name}: ${item}`)),
    };
  });
}

/** The objective names evaluation domains, which only losses can confirm. */
export function unknownWeights({ objective }: Project, evaluationDomains: readonly string[]): Finding[] {
  const unknown = Object.keys(objective ?? {}).filter(domain => !evaluationDomains.includes(domain));
  return findingOf('suspicion', 'unknown-objective', unknown, () => {
    return `the objective weighs ${unknown.map(name => `"${name}"`).join(', ')}, and no run has such a loss`;
  });
}

/** Longer lists end in a count. */
const NAMED = 6;

function listed(states: readonly RunState[]): string {
  const names = states.slice(0, NAMED).map(({ run }) => run.name);
  return [...names, ...(states.length > NAMED ? [`${states.length - NAMED} more`] : [])].join(', ');
}
