/** What `bimix run` leaves in its folder, and what is read of runs beside it. */

import { compareLaws, comparisonJson } from '../../src/evidence/index.ts';
import { bimix } from '../../src/laws/index.ts';
import { splitRuns } from '../../src/observations/index.ts';
import { planText } from '../../src/proxies/plan.ts';
import type { Project } from '../../src/proxies/project.ts';
import { formatMetrics, formatResult, type RunMetrics, type RunResult } from '../../src/proxies/run-metrics.ts';
import { smallRun } from '../proxy-text.ts';
import { simulatedTable } from '../simulated-report.ts';
import { makeSeed, type Seed } from './seed.ts';

const WEIGHTS = { web: 0.75, code: 0.25 };
const TRAINING = smallRun(
  Object.keys(WEIGHTS).map(name => ({ name, train: [`${name}.jsonl`], validation: [`${name}-held-out.jsonl`] })),
  { name: 'a', weights: WEIGHTS },
);
const { tokens: TOKENS, model, optimizer, learningRate, sequences, evaluation } = TRAINING;
const TIME = '2026-01-02T03:04:05.000Z';

const NOTHING = { text: null, format: null, available: null };

const PROJECT: Project = {
  folder: '/data',
  domains: TRAINING.domains.map(({ name, train, validation }) => {
    return { name, files: [], train: [...train], validation: [...validation], ...NOTHING, share: [0, 1] };
  }),
  ...{ budget: null, maxEpochs: null, objective: null, runs: 'runs' },
  design: { method: 'spread', runs: null, seed: 0, repetitionMatched: true },
  trainer: {
    kind: 'embedded',
    tokens: TOKENS,
    model: { ...model },
    optimizer: { ...optimizer },
    learningRate: { ...learningRate },
    sequences,
    evaluations: evaluation.at.length,
    validationTokens: evaluation.tokens,
  },
  executor: {
    ...{ on: 'local', parallel: null, threads: null, attempts: 2, partition: null, account: null, qos: null },
    options: [],
  },
};

const METRICS: RunMetrics = {
  header: {
    ...{ run: 'a', hash: '9f2c', weights: WEIGHTS, tokens: TOKENS, seed: 1, parameters: 3168, model },
    ...{ domains: ['web', 'code'], validationTokens: { web: 256, code: 256 } },
  },
  evaluations: evaluation.at.map((tokens, i) => ({
    tokens,
    losses: { web: 5 / (i + 1), code: 4 / (i + 1) },
    trainingLoss: 4.5 / (i + 1),
    drawn: { web: tokens * 0.75, code: tokens * 0.25 },
  })),
  diverged: null,
};

const RESULT: RunResult = {
  ...{ run: 'a', hash: '9f2c', weights: WEIGHTS, tokens: TOKENS, steps: 60, seed: 1, parameters: 3168 },
  ...{ losses: METRICS.evaluations.at(-1)?.losses ?? null, trainingLoss: 1.5 },
  ...{ drawn: { web: 0.75 * TOKENS, code: 0.25 * TOKENS }, shares: WEIGHTS },
  ...{ available: { web: 9000, code: 700 }, epochs: { web: (0.75 * TOKENS) / 9000, code: (0.25 * TOKENS) / 700 } },
  diverged: null,
};
const DIVERGED = { tokens: TOKENS / 2, reason: 'the loss is not a finite number' };

const PROGRESS = JSON.stringify({
  ...{ tokens: 3840, of: TOKENS, trainingLoss: 2.5, tokensPerSecond: 900, gigaflopsPerSecond: 1.5 },
  ...{ seconds: 4, secondsLeft: 4, updated: TIME },
});

export async function runSeeds(): Promise<Seed[]> {
  const table = simulatedTable({ domains: ['web', 'code'], runs: 8, volumes: [2e9] });
  const comparison = comparisonJson([await compareLaws(table, [bimix], splitRuns(table, 'kfold:3', 0))]);
  const diverged = { ...RESULT, losses: null, trainingLoss: null, diverged: DIVERGED };
  return [
    makeSeed('result of a run', 'result', { 'result.json': formatResult(RESULT) }),
    makeSeed('result of a diverged run', 'result', { 'result.json': formatResult(diverged) }),
    makeSeed('metrics of a run', 'metrics', { 'metrics.jsonl': formatMetrics(METRICS) }),
    makeSeed('metrics of a diverged run', 'metrics', {
      'metrics.jsonl': formatMetrics({ ...METRICS, diverged: DIVERGED }),
    }),
    makeSeed('progress of a run', 'progress', { 'progress.json': PROGRESS }),
    makeSeed('run file', 'proxy-run', { 'run.json': JSON.stringify(TRAINING) }),
    makeSeed('comparison', 'comparison', { 'comparison.json': JSON.stringify(comparison) }),
    makeSeed('folder of runs', 'run-folder', folderOfRuns()),
  ];
}

/** One run that is done, after an attempt that failed, and one that waits in Slurm's queue. */
function folderOfRuns(): Record<string, string> {
  const ids = ['a', 'b'];
  const command = ['node', 'train-command.js'];
  const tasks = ids.map(id => ({ id, command, folder: '/data', environment: {}, outputs: ['result.json'] }));
  const wrapper = { pid: 4_194_000, started: '1' };
  const start = { node: 'n1', started: TIME, machine: 'other', wrapper, command: null, submission: null, slot: 0 };
  const end = { ended: TIME, exitCode: 1, outcome: 'failed', reason: 'it ended with exit code 1', log: null };
  const output = { name: 'result.json', bytes: 10, sha256: '0'.repeat(64) };
  const done = { attempt: '2', node: 'n1', started: TIME, ended: TIME, exitCode: 0, outputs: [output] };
  const runs = ids.map((id, i) => {
    const available = { web: 9000, code: 750 };
    return { name: id, id, weights: WEIGHTS, tokens: TOKENS, seed: i, tokensAvailable: available };
  });
  const plan = {
    path: 'plan.jsonl',
    trainingDomains: ['web', 'code'],
    project: null,
    runs,
    facts: { method: 'spread' },
  };
  const records = {
    'manifest.json': { version: 1, hash: 'sha256:0', resources: { threads: 1 }, tasks },
    'tasks/a/attempt-1.json': { attempt: '1', ...start },
    'tasks/a/attempt-1.exit.json': { attempt: '1', ...end },
    'tasks/a/attempt-2.json': { attempt: '2', ...start },
    'tasks/a/done.json': done,
    'slurm/bimix-1.json': { name: 'bimix-1', tasks: ['b'], job: '17', over: false },
  };
  return {
    'plan.jsonl': planText(plan, PROJECT, '/data'),
    ...Object.fromEntries(Object.entries(records).map(([name, value]) => [name, JSON.stringify(value, null, 2)])),
    'tasks/a/progress.json': PROGRESS,
    'tasks/a/attempt-2/metrics.jsonl': formatMetrics(METRICS),
    'tasks/a/attempt-2/result.json': formatResult(RESULT),
  };
}
