/** All importers; one line each. */

import { bimixMetrics } from './bimix-metrics.ts';
import { bimixRuns } from './bimix-runs.ts';
import { composer } from './composer.ts';
import type { Importer } from './importer.ts';
import { levanter } from './levanter.ts';
import { lingua } from './lingua.ts';
import { lmEval } from './lm-eval.ts';
import { long } from './long.ts';
import { megatron } from './megatron.ts';
import { mixinglaws } from './mixinglaws.ts';
import { olmix } from './olmix.ts';
import { olmo } from './olmo.ts';
import { regmix } from './regmix.ts';
import { slimpajama } from './slimpajama.ts';
import { tensorboard } from './tensorboard.ts';
import { trainerState } from './trainer-state.ts';
import { wandb } from './wandb.ts';
import { wide } from './wide.ts';

export const IMPORTERS: readonly Importer[] = [
  bimixRuns,
  bimixMetrics,
  slimpajama,
  regmix,
  olmix,
  mixinglaws,
  wandb,
  trainerState,
  tensorboard,
  megatron,
  composer,
  olmo,
  levanter,
  lingua,
  lmEval,
  wide,
  long,
];
