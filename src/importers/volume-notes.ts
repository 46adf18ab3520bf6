/** Says what the volume of logged runs was taken from. */

import { counted, type Finding, findingOf } from '../observations/index.ts';
import type { HistoryVolume } from './history-volume.ts';
import type { RunHistory } from './wandb-history.ts';

/** Notes on tokens and how they were found, or on steps that only count calls of log. */
export function volumeNotes(
  histories: readonly RunHistory[],
  domains: ReadonlyMap<string, string>,
  unit: 'tokens' | 'steps',
): Finding[] {
  const volumes = histories.map(history => ({ path: history.file.path, volume: history.volume(domains, unit) }));
  const itemsBy = (fits: (volume: HistoryVolume) => boolean): string[] => {
    return volumes.flatMap(({ path, volume }) =>
      volume !== undefined && fits(volume) ? [`${path}: ${volume.column}`] : [],
    );
  };
  if (unit === 'steps') {
    return findingOf(
      'note',
      'log-steps',
      itemsBy(({ column }) => column === '_step'),
      n => {
        return `volume of ${counted(n, 'file')} is _step, which counts calls to wandb.log: in some trainers that is not the optimizer's step`;
      },
    );
  }
  const columns = [...new Set(volumes.map(({ volume }) => `"${volume?.column}"`))].join(', ');
  return [
    ...findingOf(
      'note',
      'tokens',
      itemsBy(() => true),
      n => `volume of ${counted(n, 'file')} is tokens, from ${columns}; steps are not read`,
    ),
    ...findingOf(
      'note',
      'tokens-by-steps',
      itemsBy(({ by }) => by === 'steps'),
      n => `tokens of ${counted(n, 'file')} are logged in rows without losses and computed from the step`,
    ),
    ...findingOf(
      'note',
      'tokens-before',
      itemsBy(({ by }) => by === 'row-before'),
      n => `tokens of ${counted(n, 'file')} are logged in rows without losses and taken from the row before`,
    ),
  ];
}
