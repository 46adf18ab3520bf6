/** From a run's log to checkpoints as the law knows them: its unit of volume, its targets. */

import { BimixError } from '../errors/index.ts';
import type { LogEntry, RunLog } from '../importers/index.ts';
import type { FittedLaw } from '../laws/index.ts';
import { namedValue } from '../mixture/index.ts';
import type { LoggedCheckpoint } from '../monitoring/index.ts';
import { type DomainMapping, mapDomains } from '../observations/index.ts';

export interface WatchedLog {
  /** Ascending in volume; those without a loss of a target are left out. */
  readonly checkpoints: readonly LoggedCheckpoint[];
  /** Whether the last checkpoint has all losses that those before it have; the first, all of the law's targets. */
  readonly lastIsWhole: boolean;
  /** Names of losses in the log that are no target of the law. */
  readonly ignored: readonly string[];
}

/**
 * Entries at one volume are one checkpoint, later losses replacing earlier ones, as after a restart.
 *
 * @param tokensPerStep over what the log and the law say
 * @param mapping target by name in the log; names alike need none
 * @throws BimixError `missing-losses` when no loss of the log is one of a target, `missing-volume` when the log does not count
 * in a unit that the law knows
 */
export function watchedLog(
  fitted: FittedLaw,
  log: RunLog,
  tokensPerStep: number | undefined,
  mapping: DomainMapping,
): WatchedLog {
  const names = [...new Set(log.entries.flatMap(({ losses }) => Object.keys(losses)))];
  const targets = fitted.targets.map(({ target }) => target);
  // Until the first loss of a name is logged, the mapping cannot be checked against the log.
  const known = Object.fromEntries(Object.entries(mapping).filter(([name]) => names.includes(name)));
  const own = mapDomains(names, targets, known);
  const targetOf = new Map(names.flatMap((name, i) => (own[i] < 0 ? [] : [[name, targets[own[i]]] as const])));
  if (names.length > 0 && targetOf.size === 0) {
    const message = `missing losses of the law's targets: it has ${targets.join(', ')}, the log ${names.slice(0, 12).join(', ')}`;
    throw new BimixError('missing-losses', message, {
      hint: 'Say which is which with --map LOG=TARGET, or which columns are losses with --column losses=PATTERN.',
    });
  }
  const perStep = tokensPerStep ?? log.tokensPerStep ?? fitted.volume.tokensPerStep;
  const checkpoints = new Map<number, Record<string, number>>();
  for (const entry of log.entries) {
    const losses = Object.entries(entry.losses).flatMap(([name, loss]) => {
      const target = targetOf.get(name);
      return target === undefined ? [] : [[target, loss] as const];
    });
    if (losses.length === 0) continue;
    const volume = volumeOf(entry, fitted, perStep);
    if (volume > 0) checkpoints.set(volume, { ...checkpoints.get(volume), ...Object.fromEntries(losses) });
  }
  const ascending = [...checkpoints].sort(([a], [b]) => a - b).map(([volume, losses]) => ({ volume, losses }));
  const earlier = new Set(ascending.slice(0, -1).flatMap(({ losses }) => Object.keys(losses)));
  const awaited = earlier.size === 0 ? targets : [...earlier];
  return {
    checkpoints: ascending,
    lastIsWhole: awaited.every(target => namedValue(ascending.at(-1)?.losses, target) !== undefined),
    ignored: names.filter(name => !targetOf.has(name)),
  };
}

/** In the law's unit. */
function volumeOf({ tokens, steps }: LogEntry, { volume }: FittedLaw, perStep: number | undefined): number {
  const [same, other] = volume.unit === 'tokens' ? [tokens, steps] : [steps, tokens];
  if (same !== undefined) return same;
  if (other === undefined) {
    throw new BimixError('missing-volume', `missing volume: a line of the log has losses and no step or tokens`, {
      hint: 'Name the column with --column step=NAME or --column tokens=NAME.',
    });
  }
  if (perStep === undefined) {
    const message = `missing tokens per step: the law was fitted in ${volume.unit}, the log counts the other`;
    throw new BimixError('missing-volume', message, { hint: 'Pass --tokens-per-step, for example 500K.' });
  }
  return volume.unit === 'tokens' ? other * perStep : other / perStep;
}
