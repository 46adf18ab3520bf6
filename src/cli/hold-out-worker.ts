/** What a worker thread of a comparison runs: one law fitted to part of the runs. */

import { workerData } from 'piscina';
import { BASELINES, type HoldOut, type HoldOutOutcome, runHoldOut } from '../evidence/index.ts';
import { findLaw } from '../laws/index.ts';
import type { HoldOutWorkerData } from './hold-out-threads.ts';
import { loadLawModules } from './law-module.ts';

const { setting, lawModules } = workerData as HoldOutWorkerData;
await loadLawModules(lawModules);

export default function run(holdOut: HoldOut): HoldOutOutcome {
  const { forecaster: name } = holdOut;
  const forecaster = BASELINES.find(baseline => baseline.name === name) ?? findLaw(name);
  return runHoldOut(setting, holdOut, forecaster, () => performance.now() / 1000);
}
