/** Runs as they stand, for humans and for machines. */

import pc from 'picocolors';
import { formatQuantity, namedValue } from '../mixture/index.ts';
import type { RunComparison, RunState, RunStateName } from '../proxies/index.ts';
import { countOf, decimal } from './number-text.ts';
import { duration } from './progress.ts';
import { textTable } from './text-table.ts';

const COLOURS: Readonly<Record<RunStateName, (text: string) => string>> = {
  done: pc.green,
  running: pc.cyan,
  queued: pc.dim,
  waiting: pc.dim,
  failed: pc.red,
  diverged: pc.red,
};
const ORDER: readonly RunStateName[] = ['done', 'running', 'queued', 'waiting', 'failed', 'diverged'];

/** `3 done, 2 running, 7 waiting`. */
export function stateCounts(states: readonly { readonly state: RunStateName }[]): string {
  const counts = ORDER.map(name => ({ name, count: states.filter(({ state }) => state === name).length }));
  return counts.flatMap(({ name, count }) => (count === 0 ? [] : [`${count} ${name}`])).join(', ');
}

export function statusTable(states: readonly RunState[], comparisons: readonly RunComparison[]): string {
  const domains = [...new Set(comparisons.flatMap(({ losses }) => Object.keys(losses)))];
  const isCluster = new Set(states.flatMap(({ node }) => node ?? [])).size > 1;
  const hasPace = states.some(({ state }) => state === 'running');
  const head = [
    ...['run', 'state', ...(isCluster ? ['node'] : []), '>tokens', '>mean loss', '>others'],
    ...domains.map(domain => `>${domain}`),
    ...(hasPace ? ['>tokens/s', '>left'] : []),
  ];
  const rows = states.map((state, n) => {
    const { mean, losses } = comparisons[n];
    return [
      ...[state.run.name, COLOURS[state.state](state.state), ...(isCluster ? [state.node ?? '-'] : [])],
      tokensText(state),
      decimal(mean?.loss, 3),
      signed(mean?.difference),
      ...domains.map(domain => {
        const compared = namedValue(losses, domain);
        if (compared === undefined) return '-';
        const difference = compared.difference === null ? '' : ` ${pc.dim(signed(compared.difference))}`;
        return `${decimal(compared.loss, 3)}${difference}`;
      }),
      ...(hasPace ? [rateText(state.tokensPerSecond), leftText(state.secondsLeft)] : []),
    ];
  });
  return textTable(head, rows);
}

/** What to know to read the table; empty without losses. */
export function statusLegend(comparisons: readonly RunComparison[], unit: string): string {
  if (comparisons.every(({ mean }) => mean === null)) return '';
  return pc.dim(
    `Validation losses of the newest checkpoint, ${unit}; beside each, and under others for the mean, the difference from the mean of the other runs at the same volume.`,
  );
}

/** Failed and diverged runs, why, and how the log of each ends. */
export function troubleText(states: readonly RunState[], logs: readonly (readonly string[])[]): string {
  return states
    .flatMap((state, n) => {
      if (state.state === 'diverged') return [`${pc.red('diverged')} ${state.run.name}: ${state.reason}`];
      if (state.trouble !== null) return [`${pc.red('no losses')} ${state.run.name}: ${state.trouble.describe()}`];
      if (state.state !== 'failed') return [];
      const tries = state.attempts > 1 ? ` after ${countOf(state.attempts, 'attempt')}` : '';
      const end = logs[n].map(line => `    ${line}`);
      return [
        [
          `${pc.red('failed')} ${state.run.name}${tries}: ${state.reason ?? ''}`,
          ...end,
          pc.dim(`    ${state.log}`),
        ].join('\n'),
      ];
    })
    .join('\n');
}

export function stateJson(state: RunState, { volume, mean, losses }: RunComparison, log: readonly string[]): object {
  const { run, isDone, node, tokens, tokensPerSecond, secondsLeft, reason, attempts } = state;
  return {
    run: run.name,
    ...{ state: state.state, isDone, node, attempts, reason },
    ...{ tokens, of: run.tokens, tokensPerSecond, secondsLeft },
    weights: run.weights,
    newest: volume === null && mean === null ? null : { volume, mean, losses },
    ...(state.trouble === null ? {} : { trouble: state.trouble }),
    log: { file: state.log, end: log },
  };
}

function tokensText({ tokens, run: { tokens: of } }: RunState): string {
  if (of === null) return tokens === null ? '-' : formatQuantity(tokens);
  return tokens === null ? `- of ${formatQuantity(of)}` : `${formatQuantity(tokens)} of ${formatQuantity(of)}`;
}

function signed(difference: number | null | undefined): string {
  if (difference === null || difference === undefined) return '-';
  return `${difference < 0 ? '' : '+'}${difference.toFixed(3)}`;
}

export function rateText(tokensPerSecond: number | null): string {
  return tokensPerSecond === null ? '-' : formatQuantity(Number(tokensPerSecond.toPrecision(3)));
}

function leftText(seconds: number | null): string {
  return seconds === null ? '-' : duration(seconds * 1000);
}
