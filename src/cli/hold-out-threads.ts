/** Worker threads that fit laws side by side. */

import { Piscina } from 'piscina';
import type { HoldOut, HoldOutCrew, HoldOutOutcome, HoldOutSetting } from '../evidence/index.ts';
import { compiledScript } from '../files/index.ts';
import { loadedLawModules } from './law-module.ts';

/** What a worker gets at its start. */
export interface HoldOutWorkerData {
  readonly setting: HoldOutSetting;
  readonly lawModules: readonly string[];
}

export interface HoldOutThreads {
  readonly crew: (setting: HoldOutSetting) => HoldOutCrew;
  close(): Promise<void>;
}

/** @param workers how many; at least 1 */
export function holdOutThreads(workers: number): HoldOutThreads {
  const pools: Piscina<HoldOut, HoldOutOutcome>[] = [];
  return {
    crew: setting => {
      const workerData: HoldOutWorkerData = { setting, lawModules: loadedLawModules() };
      const pool = new Piscina<HoldOut, HoldOutOutcome>({
        filename: compiledScript(import.meta.url, 'hold-out-worker'),
        minThreads: workers,
        maxThreads: workers,
        workerData,
      });
      pools.push(pool);
      return (holdOuts, onDone) =>
        Promise.all(
          holdOuts.map(async holdOut => {
            const outcome = await pool.run(holdOut);
            onDone();
            return outcome;
          }),
        );
    },
    async close() {
      await Promise.all(pools.map(pool => pool.destroy()));
    },
  };
}
