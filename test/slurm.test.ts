/** Against a real Slurm of two nodes, one of which is really killed. */

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  localExecutor,
  slurmExecutor,
  type Task,
  type TaskStatus,
  taskFolder,
  taskStatuses,
} from '../src/cluster/index.ts';
import { installSlurm, SlurmCluster } from './slurm/slurm-cluster.ts';

const BUILT = path.resolve(import.meta.dirname, '../dist/cluster/index.js');
const trouble = installSlurm();
if (trouble !== null) console.warn(`Slurm is not tested: ${trouble}`);

const ARRAY_SIZE = 5;
const base = mkdtempSync(path.join(tmpdir(), 'bimix-slurm-tasks-'));
let folders = 0;
const newFolder = () => path.join(base, `tasks-${folders++}`);
afterAll(() => rmSync(base, { recursive: true, force: true, maxRetries: 5 }));

/** A task that runs a script; `out`, `task`, `attempt` and `fs` are there. */
function scripted(id: string, script: string): Task {
  const start = "const fs = require('node:fs'); const [out, task, attempt] = process.argv.slice(1);";
  return {
    id,
    command: [process.execPath, '-e', `${start} ${script}`, '{out}', '{task}', '{attempt}'],
    outputs: ['out.txt'],
  };
}

const WRITE = "fs.writeFileSync(out + '/out.txt', require('node:path').basename(task));";
const named = (count: number, script: string) => Array.from({ length: count }, (_, n) => scripted(`t${n}`, script));
const states = (statuses: readonly TaskStatus[]) => statuses.map(({ state }) => state).join(' ');
const outputOf = ({ results }: TaskStatus) => readFileSync(path.join(results ?? '', 'out.txt'), 'utf8');

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let n = 0; n < 1200; n++) {
    if (condition()) return;
    await pause(50);
  }
  throw new Error(`still waiting for ${what}`);
}

describe.skipIf(trouble !== null)('tasks on Slurm', () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await SlurmCluster.start({ maxArraySize: ARRAY_SIZE });
    Object.assign(process.env, cluster.environment);
  });
  afterAll(() => cluster?.stop());

  test('run on both nodes, in arrays no larger than Slurm takes, so many at a time', async () => {
    const folder = newFolder();
    const spans = path.join(base, 'spans.txt');
    const script = `const from = Date.now(); setTimeout(() => {
      fs.appendFileSync('${spans}', from + ' ' + Date.now() + '\\n'); ${WRITE} }, 300);`;
    const statuses = await slurmExecutor().run(folder, named(12, script), { parallel: 6 });
    expect(states(statuses)).toBe(Array(12).fill('done').join(' '));
    expect(statuses.map(outputOf)).toEqual(statuses.map(({ id }) => id));
    expect(new Set(statuses.map(({ attempts }) => attempts[0].node))).toEqual(new Set(['n1', 'n2']));
    const submissions = readdirSync(path.join(folder, 'slurm')).filter(name => name.endsWith('.json'));
    expect(submissions).toHaveLength(3);
    const times = readFileSync(spans, 'utf8')
      .trim()
      .split('\n')
      .map(line => line.split(' ').map(Number));
    expect(times).toHaveLength(12);
    for (const [at] of times) expect(times.filter(([from, to]) => from <= at && at < to).length).toBeLessThanOrEqual(6);
    expect(await taskStatuses(folder)).toEqual(statuses);
  });

  /** Takes three seconds in thirty steps, of which it remembers every third. */
  const STEPS = `const file = task + '/steps.json'; const { createHash } = require('node:crypto');
    const kept = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { step: 0, hash: task.split('/').at(-1) };
    console.log(attempt + ' begins at step ' + kept.step);
    const timer = setInterval(() => {
      kept.hash = createHash('sha256').update(kept.hash).digest('hex');
      if (++kept.step % 3 === 0) { fs.writeFileSync(file + attempt, JSON.stringify(kept)); fs.renameSync(file + attempt, file); }
      if (kept.step < 30) return;
      clearInterval(timer); console.log(attempt + ' ends'); fs.writeFileSync(out + '/out.txt', kept.hash);
    }, 100);`;
  const hashOf = (id: string) => {
    let hash = id;
    for (let step = 0; step < 30; step++) hash = createHash('sha256').update(hash).digest('hex');
    return hash;
  };
  const stepsOf = (folder: string, id: string) => {
    const file = path.join(taskFolder(folder, id), 'steps.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).step : 0;
  };

  test('whose node is killed go on elsewhere, to the same results', async () => {
    const folder = newFolder();
    const tasks = named(5, STEPS);
    const running = slurmExecutor().run(folder, tasks, { parallel: 5 });
    await until(() => tasks.every(({ id }) => stepsOf(folder, id) >= 6), 'all to be under way');
    cluster.killNode('n1');
    cluster.declareDown('n1');
    const statuses = await running;
    expect(statuses.map(outputOf)).toEqual(tasks.map(({ id }) => hashOf(id)));
    const moved = statuses.filter(({ attempts }) => attempts.length === 2);
    expect(moved.length).toBeGreaterThan(0);
    for (const { attempts } of moved) {
      const [first, second] = attempts;
      expect([first.node, second.node, second.exitCode]).toEqual(['n1', 'n2', 0]);
      expect([first.exitCode, first.ended]).toEqual([null, null]);
      expect(second.name).toBe(first.name.replace(/0$/, '1'));
    }
    console.log(
      moved[0].attempts
        .map(({ log, node }) => `${node}: ${path.basename(log)}\n${readFileSync(log, 'utf8')}`)
        .join('\n'),
    );
    cluster.startNode('n1');
  });

  test('that go on unseen on a node that was given up count once', async () => {
    const folder = newFolder();
    const tasks = named(5, STEPS);
    const running = slurmExecutor().run(folder, tasks, { parallel: 5 });
    await until(() => tasks.every(({ id }) => stepsOf(folder, id) >= 3), 'all to be under way');
    cluster.cutOff('n1');
    cluster.declareDown('n1');
    const statuses = await running;
    expect(statuses.map(outputOf)).toEqual(tasks.map(({ id }) => hashOf(id)));
    cluster.startNode('n1');
  });
});
