/** The folder of a plan's runs: its plan, what the runs are handed, and beside them what an executor keeps of their tasks. */

import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { BimixError } from '../errors/index.ts';
import { makeFolder, writeWholeFile } from '../files/index.ts';
import { planHash, planText, type RunPlan, readPlan } from './plan.ts';
import type { Project } from './project.ts';

/** A plan with everything needed to train it. */
export interface TrainablePlan extends RunPlan {
  readonly project: Project;
}

/**
 * A plan with its own project, or with one that is given.
 *
 * @throws BimixError `missing-project` when there is none, `ambiguous-domains` when the project has other domains than the plan
 */
export function trainablePlan(plan: RunPlan, given?: Project): TrainablePlan {
  const project = given ?? plan.project;
  if (project === null) {
    throw new BimixError('missing-project', `missing project: ${plan.path} does not say how its runs are trained`, {
      hint: 'Pass --project bimix.yaml, or make the plan from one: bimix design bimix.yaml.',
      where: { file: plan.path },
    });
  }
  const names = project.domains.map(({ name }) => name);
  const odd =
    plan.trainingDomains.find(name => !names.includes(name)) ??
    names.find(name => !plan.trainingDomains.includes(name));
  if (odd !== undefined) {
    throw new BimixError('ambiguous-domains', `ambiguous domains: only one of project and plan has "${odd}"`, {
      hint: `The plan has ${plan.trainingDomains.join(', ')}, the project ${names.join(', ')}.`,
      where: { file: plan.path },
    });
  }
  const { tokens } = project.trainer;
  return { ...plan, project, runs: plan.runs.map(run => ({ ...run, tokens: run.tokens ?? tokens })) };
}

const planFile = (folder: string): string => path.join(folder, 'plan.jsonl');

/** What a run is handed. */
export const inputsFolder = (folder: string): string => path.join(folder, 'inputs');

/** The mixture of one run under its id, for importers that join logs with mixtures. */
export const joinFile = (folder: string, id: string): string => path.join(inputsFolder(folder), `${id}.shares.csv`);

/**
 * Makes a folder for a plan, or continues it. Replaces a plan of which no run has started.
 *
 * @throws BimixError `invalid-plan` when the folder is of another plan, `missing-tokens` when nobody says how long to train
 */
export async function openPlanFolder(plan: TrainablePlan, folder: string): Promise<void> {
  const without = plan.runs.find(({ tokens }) => tokens === null);
  if (without !== undefined) {
    throw new BimixError(
      'missing-tokens',
      `missing tokens of run "${without.name}": neither the plan nor the trainer gives them`,
      {
        hint: 'Design with --tokens, or write tokens under trainer: in bimix.yaml.',
        where: { file: plan.path },
      },
    );
  }
  const file = planFile(folder);
  const before = existsSync(file) ? await readPlanFolder(folder) : undefined;
  const isOther = before !== undefined && planHash(before, before.project) !== planHash(plan, plan.project);
  if (isOther && existsSync(path.join(folder, 'manifest.json'))) {
    const message = `invalid plan ${plan.path}: ${folder} holds runs of another, ${difference(before, plan)}`;
    throw new BimixError('invalid-plan', message, {
      hint: `Continue the plan of this folder with bimix run ${file}, or train this one elsewhere: --folder ${folder}-2. bimix collect reads several folders.`,
      where: { file: plan.path },
    });
  }
  await makeFolder(folder);
  // Of a plan that never came to run, nothing is worth keeping: its text may have been too little, or of wrong files.
  if (isOther)
    for (const made of ['text', 'inputs']) await rm(path.join(folder, made), { recursive: true, force: true });
  // Where losses are, or what to run on, may have been mended since.
  await writeWholeFile(file, planText(plan, plan.project, folder));
}

/**
 * @throws BimixError `missing-runs` when the folder has no plan, and as `readPlan`
 */
export async function readPlanFolder(folder: string): Promise<TrainablePlan> {
  const file = planFile(folder);
  if (!existsSync(file)) {
    throw new BimixError('missing-runs', `missing runs: ${folder} is no folder of bimix run`, {
      hint: 'Train a plan first: bimix run plan.jsonl. Or name the folder that holds its runs.',
      where: { file: folder },
    });
  }
  return trainablePlan(await readPlan(file));
}

/** The first that differs, in words. */
function difference(before: TrainablePlan, now: TrainablePlan): string {
  const missing = before.runs.find(run => !now.runs.some(({ name }) => name === run.name));
  if (missing !== undefined) return `with a run "${missing.name}"`;
  const added = now.runs.find(run => !before.runs.some(({ name }) => name === run.name));
  if (added !== undefined) return `without a run "${added.name}"`;
  const changed = now.runs.find((run, n) => JSON.stringify(run) !== JSON.stringify(before.runs[n]));
  return changed === undefined ? 'with another trainer or other text' : `with another "${changed.name}"`;
}
