/** Against a real Slurm of two nodes, one of which is really killed. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  lastLines,
  type SlurmOptions,
  slurmExecutor,
  type Task,
  type TaskStatus,
  taskFolder,
  taskStatuses,
} from '../src/cluster/index.ts';
import { countCorpus, countInShards } from '../src/counting/index.ts';
import { invoke } from './invoke.ts';
import { clusterIfPossible, type SlurmCluster } from './slurm/slurm-cluster.ts';

const BUILT = path.resolve(import.meta.dirname, '../dist/cluster/index.js');
const ARRAY_SIZE = 5;
const started = await clusterIfPossible({ maxArraySize: ARRAY_SIZE });
const base = mkdtempSync(path.join(tmpdir(), 'bimix-slurm-tasks-'));
let folders = 0;
const newFolder = () => path.join(base, `tasks-${folders++}`);
afterAll(() => rmSync(base, { recursive: true, force: true, maxRetries: 5 }));

/** A task that runs a script; `out`, `task`, `attempt`, `fs` and which attempt it is, `time`, are there. */
function scripted(id: string, script: string): Task {
  const start = `const fs = require('node:fs'); const [out, task, attempt] = process.argv.slice(1);
    const time = fs.readdirSync(task).filter(name => name.endsWith('.log')).length;`;
  return {
    id,
    command: [process.execPath, '-e', `${start} ${script}`, '{out}', '{task}', '{attempt}'],
    outputs: ['out.txt'],
  };
}

const WRITE = "fs.writeFileSync(out + '/out.txt', require('node:path').basename(task));";
/** Writes its result when there is a file. */
const waiting = (go: string) => `{
  const timer = setInterval(() => { if (fs.existsSync('${go}')) { clearInterval(timer); ${WRITE} } }, 50);
}`;
/** Leaves a file with its start and its end, which is after so many tasks have started. */
const together = (spans: string, count: number, write = WRITE) => `{
  const file = '${spans}/' + require('node:path').basename(task); const from = Date.now(); fs.writeFileSync(file, '');
  const timer = setInterval(() => {
    if (fs.readdirSync('${spans}').length < ${count}) return;
    clearInterval(timer); setTimeout(() => { fs.writeFileSync(file, from + ' ' + Date.now()); ${write} }, 100);
  }, 20);
}`;
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

function showLogs({ attempts }: TaskStatus): void {
  const texts = attempts.map(({ log, node }) => `${node}: ${path.basename(log)}\n${readFileSync(log, 'utf8')}`);
  console.log(texts.join('\n'));
}

describe.skipIf(typeof started === 'string')('tasks on Slurm', () => {
  const cluster = started as SlurmCluster;
  beforeAll(() => {
    Object.assign(process.env, cluster.environment);
  });
  afterEach(() => cluster.cancelAll());
  afterAll(() => cluster.stop());

  test('run on both nodes, in arrays no larger than Slurm takes, so many at a time', async () => {
    const folder = newFolder();
    const spans = path.join(base, 'spans');
    mkdirSync(spans);
    const statuses = await slurmExecutor().run(folder, named(12, together(spans, 4)), { parallel: 4 });
    expect(states(statuses)).toBe(Array(12).fill('done').join(' '));
    expect(statuses.map(outputOf)).toEqual(statuses.map(({ id }) => id));
    const submissions = readdirSync(path.join(folder, 'slurm')).filter(name => name.endsWith('.json'));
    expect(submissions).toHaveLength(3);
    const times = readdirSync(spans).map(name => readFileSync(path.join(spans, name), 'utf8').split(' ').map(Number));
    expect(times).toHaveLength(12);
    for (const [at] of times) expect(times.filter(([from, to]) => from <= at && at < to).length).toBeLessThanOrEqual(4);
    expect(await taskStatuses(folder)).toEqual(statuses);
  });

  /** Thirty steps, of which it remembers every third; after nine it waits for a file. */
  const steps = (go: string) => `const file = task + '/steps.json'; const { createHash } = require('node:crypto');
    const kept = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { step: 0, hash: task.split('/').at(-1) };
    console.log(attempt + ' begins at step ' + kept.step);
    const timer = setInterval(() => {
      if (kept.step === 9 && !fs.existsSync('${go}')) return;
      kept.hash = createHash('sha256').update(kept.hash).digest('hex');
      if (++kept.step % 3 === 0) { fs.writeFileSync(file + attempt, JSON.stringify(kept)); fs.renameSync(file + attempt, file); }
      if (kept.step < 30) return;
      clearInterval(timer); console.log(attempt + ' ends'); fs.writeFileSync(out + '/out.txt', kept.hash);
    }, 30);`;
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
    const go = path.join(base, 'go-on-elsewhere');
    const tasks = named(5, steps(go));
    const running = slurmExecutor().run(folder, tasks, { parallel: 5 });
    await until(() => tasks.every(({ id }) => stepsOf(folder, id) === 9), 'all to be under way');
    cluster.killNode('n1');
    cluster.declareDown('n1');
    writeFileSync(go, '');
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
    showLogs(moved[0]);
    cluster.startNode('n1');
  });

  test('that go on unseen on a node that was given up count once', async () => {
    const folder = newFolder();
    const go = path.join(base, 'go-on-twice');
    // As many as one node holds.
    const tasks = named(4, steps(go));
    const running = slurmExecutor().run(folder, tasks, { parallel: 4 });
    await until(() => tasks.every(({ id }) => stepsOf(folder, id) === 9), 'all to be under way');
    const before = await taskStatuses(folder);
    const unseen = before.filter(({ attempts }) => attempts[0].node === 'n1').map(({ id }) => id);
    expect(unseen.length).toBeGreaterThan(0);
    cluster.cutOff('n1');
    cluster.declareDown('n1');
    const attempts = (id: string) =>
      readdirSync(taskFolder(folder, id)).filter(name => /^attempt-[\d.]+\d\.json$/.test(name));
    await until(() => unseen.every(id => attempts(id).length === 2), 'second attempts beside the first');
    writeFileSync(go, '');
    const statuses = await running;
    expect(statuses.map(outputOf)).toEqual(tasks.map(({ id }) => hashOf(id)));
    const others = () =>
      statuses.flatMap(({ id, attempts, results }) => {
        const other = attempts.find(({ name }) => unseen.includes(id) && !results?.endsWith(`-${name}`));
        const exit = path.join(taskFolder(folder, id), `attempt-${other?.name}.exit.json`);
        return existsSync(exit) ? [JSON.parse(readFileSync(exit, 'utf8'))] : [];
      });
    await until(() => others().length === unseen.length, 'the other of each two to end');
    for (const { reason } of others()) expect(reason).toBe('another attempt was first');
    showLogs(statuses[tasks.findIndex(({ id }) => id === unseen[0])]);
    cluster.startNode('n1');
  });

  test('are found again after a driver that was killed -9, also when it had not written down their number', async () => {
    const folder = newFolder();
    const go = path.join(base, 'go');
    const tasks = named(4, `fs.appendFileSync(task + '/starts', '+'); ${waiting(go)}`);
    const driver = `import { slurmExecutor } from ${JSON.stringify(BUILT)};
      await slurmExecutor().run(...JSON.parse(process.argv[1]));`;
    const args = ['--input-type=module', '-e', driver, JSON.stringify([folder, tasks, { parallel: 2 }])];
    const first = spawn(process.execPath, args, { stdio: 'inherit' });
    const starts = () => tasks.map(({ id }) => path.join(taskFolder(folder, id), 'starts')).filter(existsSync).length;
    await until(() => starts() === 2, 'two to start');
    first.kill('SIGKILL');
    await until(() => first.signalCode !== null, 'the driver to die');
    expect(states(await taskStatuses(folder))).toBe('running running queued queued');
    const slurm = path.join(folder, 'slurm');
    const submission = path.join(slurm, readdirSync(slurm).find(name => name.endsWith('.json')) ?? '');
    writeFileSync(submission, JSON.stringify({ ...JSON.parse(readFileSync(submission, 'utf8')), job: null }));

    const seen: string[] = [];
    const onChange = (statuses: readonly TaskStatus[]) => seen.push(states(statuses));
    const second = slurmExecutor().run(folder, tasks, { parallel: 3, onChange });
    await until(() => seen.includes('running running running queued'), 'the second driver, which runs more at a time');
    writeFileSync(go, '');
    const statuses = await second;
    expect(states(statuses)).toBe('done done done done');
    for (const { id } of tasks) expect(readFileSync(path.join(taskFolder(folder, id), 'starts'), 'utf8')).toBe('+');
    expect(readdirSync(slurm).filter(name => name.endsWith('.json'))).toHaveLength(1);
  });

  test('that fail are tried so often and say why; being requeued is no failure', async () => {
    const slurm = (program: string, ...args: string[]) => `{
      const { SLURM_ARRAY_JOB_ID, SLURM_ARRAY_TASK_ID } = process.env;
      const element = SLURM_ARRAY_JOB_ID + '_' + SLURM_ARRAY_TASK_ID;
      require('node:child_process').execFileSync('${program}', [...${JSON.stringify(args)}, element]);
    }`;
    const tasks = [
      scripted('code', "console.log('no data'); process.exit(3);"),
      scripted('late', `if (time === 1) process.exit(1); ${WRITE}`),
      scripted('cancelled', `${slurm('scancel')} setInterval(() => {}, 100);`),
      scripted(
        'requeued',
        `if (time === 1) { ${slurm('scontrol', 'requeue')} setInterval(() => {}, 100); }
        else if (time === 2) process.exit(1); else { ${WRITE} }`,
      ),
    ];
    const statuses = await slurmExecutor().run(newFolder(), tasks, { parallel: 4, attempts: 2 });
    expect(states(statuses)).toBe('failed done failed done');
    expect(statuses.map(({ attempts }) => attempts.length)).toEqual([2, 2, 2, 3]);
    expect(statuses.map(({ reason }) => reason)).toEqual(['exit code 3', undefined, 'cancelled in Slurm', undefined]);
    expect(await lastLines(statuses[0].attempts[1].log, 1)).toEqual(['no data']);
  });

  test('get GPUs and cores of their own', async () => {
    const spans = path.join(base, 'gpu-spans');
    mkdirSync(spans);
    const told = "process.env.CUDA_VISIBLE_DEVICES + ' ' + process.env.SLURM_CPUS_PER_TASK";
    const script = together(spans, 4, `fs.writeFileSync(out + '/out.txt', ${told});`);
    const resources = { gpus: 1, threads: 2, megabytes: 100, minutes: 1 };
    const statuses = await slurmExecutor().run(newFolder(), named(4, script), { parallel: 4, resources });
    const places = statuses.map(status => `${status.attempts[0].node} ${outputOf(status)}`);
    expect(places.sort()).toEqual(['n1 0 2', 'n1 1 2', 'n2 0 2', 'n2 1 2']);
  });

  test('are cancelled with their driver, or left alone', async () => {
    const go = path.join(base, 'go-alone');
    const tasks = named(3, waiting(go));
    const stopAt = async (folder: string, settings: SlurmOptions) => {
      const stop = new AbortController();
      const onChange = (statuses: readonly TaskStatus[]) => {
        if (states(statuses) === 'running running queued') stop.abort();
      };
      return slurmExecutor(settings).run(folder, tasks, { parallel: 2, signal: stop.signal, onChange });
    };
    const jobs = () => cluster.command('squeue', '-h', '-r').trim();
    const [cancelled, left] = [newFolder(), newFolder()];
    expect(states(await stopAt(cancelled, {}))).toBe('waiting waiting waiting');
    expect(jobs()).toBe('');
    expect(states(await stopAt(left, { leaveJobs: true }))).toBe('running running queued');
    expect(jobs().split('\n')).toHaveLength(3);
    writeFileSync(go, '');
    expect(states(await slurmExecutor().run(left, tasks, { parallel: 2 }))).toBe('done done done');
  });

  test('count a corpus to the same files, bit for bit, as counting without them', async () => {
    const files = ['a.bin', 'b.bin'].map((name, n) => {
      const file = path.join(base, name);
      writeFileSync(
        file,
        Uint16Array.from({ length: 60_000 + n }, (_, i) => (i * i * 7 + (i >> 5)) % 90),
      );
      return file;
    });
    const read = { format: 'nanogpt', dtype: 'u16', eos: 9 } as const;
    const spec = { domain: 'd', files, read, tokenizer: null, vocabulary: 100, partBytes: 50_000 };
    const alone = await countCorpus([spec], { workFolder: newFolder(), workers: 0 });
    const sharded = await countInShards([spec], slurmExecutor(), { workFolder: newFolder(), parallel: 4 });
    const bytes = [alone, sharded].map(paths => readFileSync(paths.get('d') ?? ''));
    expect(bytes[1]).toEqual(bytes[0]);
  });

  test('are handed over bit by bit where Slurm takes few jobs at once', async () => {
    const bin = path.join(base, 'bin');
    mkdirSync(bin);
    const sbatch = cluster.which('sbatch');
    // What accounting says to a user who may submit three jobs.
    const script = `#!/bin/sh
      for word in "$@"; do case $word in --array=0-*) last=\${word#--array=0-}; last=\${last%%%*};; esac; done
      if [ $(($(squeue -h -r | wc -l) + last + 1)) -gt 3 ]; then
        echo 'sbatch: error: QOSMaxSubmitJobPerUserLimit' >&2; exit 1
      fi
      exec ${sbatch} "$@"`;
    writeFileSync(path.join(bin, 'sbatch'), script, { mode: 0o755 });
    const before = process.env.PATH;
    process.env.PATH = `${bin}:${before}`;
    try {
      const statuses = await slurmExecutor().run(newFolder(), named(6, WRITE), { parallel: 6 });
      expect(states(statuses)).toBe('done done done done done done');
      expect(statuses.every(({ attempts }) => attempts.length === 1)).toBe(true);
    } finally {
      process.env.PATH = before;
    }
  });

  test('serve bimix entropy', async () => {
    const domains = ['a', 'b', 'c'].map(name => {
      writeFileSync(path.join(base, `${name}.txt`), `${name} text of its own `.repeat(50));
      return `  ${name}: {files: ["${name}.txt"]}`;
    });
    const corpus = path.join(base, 'corpus.yaml');
    writeFileSync(corpus, `tokenizer: bytes\ndomains:\n${domains.join('\n')}\n`);
    const measure = async (name: string, ...args: readonly string[]) => {
      const out = path.join(base, name);
      const { code, err } = await invoke('entropy', corpus, '-o', out, ...args);
      expect([code, err]).toEqual([0, expect.stringContaining('wrote')]);
      return readFileSync(out);
    };
    const plain = await measure('plain.json', '--workers', '0');
    const args = ['--on', 'slurm', '--parts', '2', '--parallel', '2', '--sbatch', '--comment=counting --time=5'];
    expect(await measure('slurm.json', ...args)).toEqual(plain);
  });

  test('are refused in the words of sbatch', async () => {
    const refused = slurmExecutor({ partition: 'huge' }).run(newFolder(), named(1, WRITE), { parallel: 1 });
    await expect(refused).rejects.toThrow(/invalid submission: sbatch refused 1 tasks: .*invalid partition/i);
  });
});

test('without Slurm on this machine, the way out is said', async () => {
  const before = process.env.PATH;
  process.env.PATH = base;
  try {
    const error = await slurmExecutor()
      .run(newFolder(), [], { parallel: 1 })
      .catch(error => error.describe());
    expect(error).toMatch(/missing Slurm: scontrol cannot be started here\n.*--on local/);
  } finally {
    process.env.PATH = before;
  }
});
