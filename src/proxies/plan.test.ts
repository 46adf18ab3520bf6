import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BimixError } from '../errors/index.ts';
import { planHash, planText, projectIn, type RunPlan, readPlan } from './plan.ts';
import type { Project } from './project.ts';
import { readProject } from './project-yaml.ts';

let folder: string;
let project: Project;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bimix-plan-'));
  await writeFile(join(folder, 'bimix.yaml'), 'domains: {web: web/*, code: code/*}\ntrainer: {tokens: 2M}\n');
  project = await readProject(join(folder, 'bimix.yaml'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(...lines: readonly unknown[]): Promise<RunPlan> {
  const path = join(folder, 'plan.jsonl');
  await writeFile(path, lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  return readPlan(path);
}

const header = (more = {}): object => {
  return { kind: 'bimix-plan', schemaVersion: 1, method: 'spread', trainingDomains: ['web', 'code'], ...more };
};
const RUN = { run: 'spread-1', method: 'spread', weights: { web: 0.75, code: 0.25 }, tokens: 1e6, seed: 2 };

describe('a plan', () => {
  test('is read with its project, found from where the plan lies', async () => {
    const plan = await read(header({ project: projectIn(project, folder) }), RUN, {
      ...RUN,
      run: 'Leave one out: web',
    });
    expect(plan.project).toEqual(project);
    expect(plan.facts).toEqual({ method: 'spread' });
    expect(plan.runs).toEqual([
      { name: 'spread-1', id: 'spread-1', weights: RUN.weights, tokens: 1e6, seed: 2, tokensAvailable: null },
      {
        name: 'Leave one out: web',
        id: 'leave-one-out-web',
        weights: RUN.weights,
        tokens: 1e6,
        seed: 2,
        tokensAvailable: null,
      },
    ]);
  });

  test('of bimix next has mixtures alone', async () => {
    const plan = await read({ run: 'next-1', weights: { web: 1, code: 0 } });
    expect(plan).toMatchObject({ trainingDomains: ['web', 'code'], project: null });
    expect(plan.runs[0]).toMatchObject({ tokens: null, seed: 0 });
  });

  test('takes the tokens of a run from its trainer where it does not say them', async () => {
    const { tokens: _, ...run } = RUN;
    expect((await read(header({ project: projectIn(project, folder) }), run)).runs[0].tokens).toBe(2e6);
  });

  test('copied elsewhere is the same plan', async () => {
    const plan = await read(header({ project: projectIn(project, folder) }), RUN, { ...RUN, run: 'b', seed: 3 });
    await mkdir(join(folder, 'runs'), { recursive: true });
    await writeFile(join(folder, 'runs', 'plan.jsonl'), planText(plan, project, join(folder, 'runs')));
    const copy = await readPlan(join(folder, 'runs', 'plan.jsonl'));
    expect(copy.project).toEqual(project);
    expect(copy.runs).toEqual(plan.runs);
    expect(planHash(copy, project)).toBe(planHash(plan, project));
  });

  test('is another one with another seed, other text or another trainer, not on another machine', async () => {
    const plan = await read(header(), RUN);
    const hash = planHash(plan, project);
    const { trainer, executor, domains } = project;
    expect(planHash(await read(header(), { ...RUN, seed: 3 }), project)).not.toBe(hash);
    expect(planHash(plan, { ...project, trainer: { ...trainer, tokens: 3e6 } })).not.toBe(hash);
    expect(planHash(plan, { ...project, domains: domains.map(domain => ({ ...domain, text: 'content' })) })).not.toBe(
      hash,
    );
    expect(planHash(plan, { ...project, executor: { ...executor, on: 'slurm' }, folder: '/elsewhere' })).toBe(hash);
  });

  test.each<[unknown[], string]>([
    [[], 'it is empty'],
    [[header()], 'it has no runs'],
    [['run,weight_web'], 'invalid plan FOLDER/plan.jsonl: expected JSON lines (FOLDER/plan.jsonl:1)'],
    [[header(), '{"run": "a", '], 'invalid JSON line: it ends too early (FOLDER/plan.jsonl:2:'],
    [[header({ schemaVersion: 7 }), RUN], 'unknown schema version 7 of a plan'],
    [[header({ schemaVersion: undefined }), RUN], 'invalid header of a plan: schemaVersion is missing, expected 1'],
    [[header({ runs: 2 }), RUN], 'the header says 2 runs, the file holds 1 (FOLDER/plan.jsonl:1)'],
    [[header({ kind: 'bimix-runs' }), RUN], 'it holds losses of runs'],
    [[header(), RUN, RUN], 'ambiguous run "spread-1": line 2 has one of that name too (FOLDER/plan.jsonl:3)'],
    [[header(), { ...RUN, weights: { web: 0.5, law: 0.5 } }], 'unknown domain "law" in weights of run "spread-1"'],
    [
      [header(), { ...RUN, weights: { web: 0.5 } }],
      'proportions sum to 0.5, expected 1 within 0.01 (FOLDER/plan.jsonl:2)',
    ],
    [[header(), { ...RUN, tokens: -1 }], 'invalid run of a plan: tokens is -1, expected more than 0'],
    [[header(), { ...RUN, colour: 1 }], 'colour is an unknown key (FOLDER/plan.jsonl:2)'],
    [[header({ project: { domains: [] } }), RUN], 'invalid header of a plan: project.'],
  ])('with %j is refused with the line', async (lines, message) => {
    const error: BimixError = await read(...lines).then(
      () => Promise.reject(new Error('nothing was refused')),
      cause => cause,
    );
    expect(error.describe().replaceAll(folder, 'FOLDER')).toContain(message);
  });
});
