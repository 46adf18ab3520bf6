import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPlan } from './plan.ts';
import { openPlanFolder, readPlanFolder, type TrainablePlan, trainablePlan } from './plan-folder.ts';
import { readProject } from './project-yaml.ts';

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'bimix-folder-'));
});
afterAll(() => rm(base, { recursive: true }));

async function plan(code: string): Promise<TrainablePlan> {
  await writeFile(join(base, 'bimix.yaml'), `domains: {web: web/*, code: ${code}}\ntrainer: {tokens: 2M}\n`);
  await writeFile(join(base, 'plan.jsonl'), '{"run":"a","weights":{"web":0.5,"code":0.5}}\n');
  return trainablePlan(await readPlan(join(base, 'plan.jsonl')), await readProject(join(base, 'bimix.yaml')));
}

describe('the folder of a plan', () => {
  test('makes way for another plan as long as no run was started, with the text that was split for the first', async () => {
    const folder = join(base, 'unstarted');
    await openPlanFolder(await plan('cod/*'), folder);
    await mkdir(join(folder, 'text'));
    await openPlanFolder(await plan('code/*'), folder);
    expect(existsSync(join(folder, 'text'))).toBe(false);
    expect((await readPlanFolder(folder)).project.domains[1].files).toEqual(['code/*']);
  });

  test('keeps its plan and its text once runs were started', async () => {
    const folder = join(base, 'started');
    await openPlanFolder(await plan('code/*'), folder);
    await mkdir(join(folder, 'text'));
    await writeFile(join(folder, 'manifest.json'), '{}');
    await expect(openPlanFolder(await plan('other/*'), folder)).rejects.toMatchObject({
      code: 'invalid-plan',
      message: expect.stringContaining('holds runs of another, with another trainer or other text'),
    });
    await openPlanFolder(await plan('code/*'), folder);
    expect(existsSync(join(folder, 'text'))).toBe(true);
  });

  test('cannot lie in a file', async () => {
    await expect(openPlanFolder(await plan('code/*'), join(base, 'plan.jsonl', 'runs'))).rejects.toMatchObject({
      code: 'invalid-output',
    });
  });
});
