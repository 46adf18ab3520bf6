/** What a worker thread of a comparison runs: one law fitted to part of the runs. */

import { workerData } from 'piscina';
import { BASELINES, type HoldOut, type HoldOutOutcome, type HoldOutSetting, runHoldOut } from '../fitting/index.ts';
import { findLaw } from '../laws/index.ts';

const setting = workerData as HoldOutSetting;

export default function run(holdOut: HoldOut): HoldOutOutcome {
  const { forecaster: name } = holdOut;
  const forecaster = BASELINES.find(baseline => baseline.name === name) ?? findLaw(name);
  return runHoldOut(setting, holdOut, forecaster, () => performance.now() / 1000);
}
