/** Real processes, really killed. */

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { BimixError } from '../errors/index.ts';
import { lastLines, localExecutor, type Task, type TaskStatus, taskFolder, taskStatuses } from './index.ts';

const BUILT = path.resolve(import.meta.dirname, '../../dist/cluster');
const base = mkdtempSync(path.join(tmpdir(), 'bimix-local-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => path.join(base, `tasks-${folders++}`);

/** A task that runs a script; `out`, `task`, `attempt` and `fs` are there. */
function scripted(id: string, script: string, outputs: readonly string[] = ['out.txt']): Task {
  const start = "const fs = require('node:fs'); const [out, task, attempt] = process.argv.slice(1);";
  return { id, command: [process.execPath, '-e', `${start} ${script}`, '{out}', '{task}', '{attempt}'], outputs };
}

const WRITE = "fs.writeFileSync(out + '/out.txt', 'result');";
const run = (folder: string, tasks: readonly Task[], options = {}) =>
  localExecutor().run(folder, tasks, { parallel: 2, ...options });
const states = (statuses: readonly TaskStatus[]) => statuses.map(({ state }) => state).join(' ');

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let n = 0; n < 600; n++) {
    if (condition()) return;
    await pause(50);
  }
  throw new Error(`still waiting for ${what}`);
}

const numberIn = (file: string) => Number(readFileSync(file, 'utf8'));
const isAlive = (pid: number) => {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe('tasks on this machine', () => {
  test('leave results, log and a marker that says what was made', async () => {
    const folder = newFolder();
    const [status] = await run(folder, [scripted('a', `console.log('here'); console.error('there'); ${WRITE}`)]);
    expect(status.state).toBe('done');
    expect(readFileSync(path.join(status.results ?? '', 'out.txt'), 'utf8')).toBe('result');
    expect(await lastLines(status.attempts[0].log, 2)).toEqual(['here', 'there']);
    const marker = JSON.parse(readFileSync(path.join(taskFolder(folder, 'a'), 'done.json'), 'utf8'));
    expect(marker).toMatchObject({ attempt: 'local-1', exitCode: 0, outputs: [{ name: 'out.txt', bytes: 6 }] });
    expect(marker.outputs[0].sha256).toBe(createHash('sha256').update('result').digest('hex'));
    expect(await taskStatuses(folder)).toEqual([status]);
    expect(readdirSync(taskFolder(folder, 'a')).sort()).toEqual([
      'attempt-local-1',
      'attempt-local-1.json',
      'attempt-local-1.log',
      'done.json',
    ]);
  });

  test('run again when their folder was removed, others not', async () => {
    const folder = newFolder();
    const tasks = [scripted('a', WRITE), scripted('b', WRITE)];
    const [first] = await run(folder, tasks);
    rmSync(taskFolder(folder, 'b'), { recursive: true });
    expect((await taskStatuses(folder)).map(({ state }) => state)).toEqual(['done', 'waiting']);
    const again = await run(folder, tasks);
    expect(again.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(again[0]).toEqual(first);
  });

  test('run so many at a time, and no more', async () => {
    const folder = newFolder();
    const spans = path.join(base, 'spans');
    mkdirSync(spans);
    // Each ends some time after three have started.
    const span = `const file = '${spans}/' + require('node:path').basename(task); const from = Date.now();
      fs.writeFileSync(file, '');
      const timer = setInterval(() => {
        if (fs.readdirSync('${spans}').length < 3) return;
        clearInterval(timer);
        setTimeout(() => { fs.writeFileSync(file, from + ' ' + Date.now()); ${WRITE} }, 100);
      }, 20);`;
    const tasks = Array.from({ length: 6 }, (_, n) => scripted(`t${n}`, span));
    expect(states(await run(folder, tasks, { parallel: 3 }))).toBe('done done done done done done');
    const times = readdirSync(spans).map(name => readFileSync(path.join(spans, name), 'utf8').split(' ').map(Number));
    expect(times).toHaveLength(6);
    for (const [at] of times) expect(times.filter(([from, to]) => from <= at && at < to).length).toBeLessThanOrEqual(3);
  });

  test('say what they are on the way', async () => {
    const seen: string[] = [];
    const onChange = (statuses: readonly TaskStatus[]) => seen.push(states(statuses));
    await run(newFolder(), [scripted('a', WRITE), scripted('b', WRITE)], { parallel: 1, onChange });
    expect(seen[0]).toBe('running waiting');
    expect(seen).toContain('done running');
    expect(seen.at(-1)).toBe('done done');
  });

  test('have their own folder, variables, and GPUs', async () => {
    const folder = newFolder();
    const script = `fs.writeFileSync(out + '/out.txt', JSON.stringify([process.cwd(), process.env.COLOUR, process.env.BIMIX_OUT === out,
      process.env.BIMIX_TASK === task, process.env.BIMIX_ATTEMPT === attempt, process.env.CUDA_VISIBLE_DEVICES]));
      setTimeout(() => {}, 400);`;
    const tasks = ['a', 'b'].map(id => ({ ...scripted(id, script), folder: base, environment: { COLOUR: id } }));
    const statuses = await run(folder, tasks, { resources: { gpus: 2 } });
    const told = statuses.map(({ results }) => JSON.parse(readFileSync(path.join(results ?? '', 'out.txt'), 'utf8')));
    expect(told).toEqual([
      [base, 'a', true, true, true, '0,1'],
      [base, 'b', true, true, true, '2,3'],
    ]);
  });
});

describe('a task that fails', () => {
  test('says why: exit code, missing output, missing program, signal, time', async () => {
    const tasks: Task[] = [
      scripted('code', "console.log('no data'); process.exit(3);"),
      scripted('output', ''),
      { id: 'program', command: ['no-such-program'], outputs: [] },
      scripted('signal', "process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 1000);"),
    ];
    const statuses = [...(await run(newFolder(), tasks, { parallel: 4 }))];
    const late = [scripted('time', 'setInterval(() => {}, 1000);')];
    statuses.push(...(await run(newFolder(), late, { resources: { minutes: 0.005 } })));
    expect(states(statuses)).toBe('failed failed failed failed failed');
    expect(statuses.map(({ reason }) => reason)).toEqual([
      'exit code 3',
      'it ended well, but without its output out.txt',
      'it cannot be started: spawn no-such-program ENOENT',
      'killed by SIGKILL',
      'it ran for more than 0.005 minutes',
    ]);
    expect(statuses.map(({ attempts }) => attempts[0].exitCode)).toEqual([3, 0, 127, 137, 143]);
    expect(await lastLines(statuses[0].attempts[0].log, 5)).toEqual(['no data']);
  });

  test('is tried so often, and again by the next call', async () => {
    const folder = newFolder();
    const tasks = [
      scripted('a', `if (!fs.existsSync(task + '/good')) process.exit(1); ${WRITE}`),
      scripted('b', WRITE),
    ];
    const [first, other] = await run(folder, tasks, { attempts: 3 });
    expect([first.state, first.attempts.length, other.state]).toEqual(['failed', 3, 'done']);
    writeFileSync(path.join(taskFolder(folder, 'a'), 'good'), '');
    const [second, untouched] = await run(folder, tasks);
    expect([second.state, second.attempts.length]).toEqual(['done', 4]);
    expect(second.attempts.map(({ exitCode }) => exitCode)).toEqual([1, 1, 1, 0]);
    expect(new Set(second.attempts.map(({ log }) => log)).size).toBe(4);
    expect(untouched).toEqual(other);
  });

  test('by kill -9 starts again, and goes on from what it kept', async () => {
    const script = `const kept = task + '/kept'; const before = fs.existsSync(kept); fs.writeFileSync(kept, attempt);
      if (!before) process.kill(process.pid, 'SIGKILL'); else { ${WRITE} }`;
    const [status] = await run(newFolder(), [scripted('a', script)], { attempts: 2 });
    expect([status.state, status.attempts.map(({ exitCode }) => exitCode)]).toEqual(['done', [137, 0]]);
  });

  test('when the process around it is killed -9, takes the command with it', async () => {
    const folder = newFolder();
    const pids = path.join(base, 'pids');
    mkdirSync(pids);
    const script = `fs.writeFileSync('${pids}/' + attempt, process.ppid + ' ' + process.pid);
      if (attempt === 'local-1') setInterval(() => {}, 1000); else { ${WRITE} }`;
    const running = run(folder, [scripted('a', script)], { attempts: 2 });
    const record = path.join(taskFolder(folder, 'a'), 'attempt-local-1.json');
    await until(
      () => existsSync(path.join(pids, 'local-1')) && JSON.parse(readFileSync(record, 'utf8')).command,
      'start',
    );
    const [wrapper, command] = readFileSync(path.join(pids, 'local-1'), 'utf8').split(' ').map(Number);
    process.kill(wrapper, 'SIGKILL');
    const [status] = await running;
    expect([status.state, status.attempts.length]).toEqual(['done', 2]);
    expect(isAlive(command)).toBe(false);
  });
});

describe('a driver', () => {
  const driver = (folder: string, tasks: readonly Task[], options: object): ChildProcess => {
    const script = `import { localExecutor } from ${JSON.stringify(path.join(BUILT, 'index.js'))};
      await localExecutor().run(...JSON.parse(process.argv[1]));`;
    const args = JSON.stringify([folder, tasks, options]);
    return spawn(process.execPath, ['--input-type=module', '-e', script, args], { stdio: 'inherit' });
  };

  test('that is killed -9 is followed by one that joins what still runs', async () => {
    const folder = newFolder();
    const started = path.join(base, 'started');
    mkdirSync(started);
    const script = `fs.appendFileSync('${started}/' + require('node:path').basename(task), attempt + '\\n');
      const timer = setInterval(() => { if (fs.existsSync('${started}/go')) { clearInterval(timer); ${WRITE} } }, 50);`;
    const tasks = ['a', 'b', 'c'].map(id => scripted(id, script));
    const first = driver(folder, tasks, { parallel: 2 });
    await until(() => existsSync(`${started}/a`) && existsSync(`${started}/b`), 'both to start');
    first.kill('SIGKILL');
    await until(() => first.signalCode !== null, 'the driver to die');
    expect(states(await taskStatuses(folder))).toBe('running running waiting');

    const seen: string[] = [];
    const onChange = (statuses: readonly TaskStatus[]) => seen.push(states(statuses));
    const second = run(folder, tasks, { onChange });
    await until(() => seen.length > 0, 'the second driver');
    await pause(500);
    expect(seen).toEqual(['running running waiting']);
    writeFileSync(`${started}/go`, '');
    expect(states(await second)).toBe('done done done');
    for (const id of ['a', 'b', 'c']) expect(readFileSync(`${started}/${id}`, 'utf8')).toBe('local-1\n');
  });

  test('whose tasks died with it starts them again, without counting that', async () => {
    const folder = newFolder();
    const tasks = [scripted('a', `if (attempt === 'local-1') setInterval(() => {}, 1000); else { ${WRITE} }`)];
    const first = driver(folder, tasks, { parallel: 1 });
    const record = path.join(taskFolder(folder, 'a'), 'attempt-local-1.json');
    await until(() => existsSync(record) && JSON.parse(readFileSync(record, 'utf8')).command !== null, 'the start');
    const { wrapper, command } = JSON.parse(readFileSync(record, 'utf8'));
    for (const pid of [first.pid, wrapper.pid, command.pid]) {
      // A wrapper may see its driver die before its own turn comes.
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    }
    await until(() => ![first.pid, wrapper.pid, command.pid].some(isAlive), 'all to die');
    const [status] = await run(folder, tasks);
    expect([status.state, status.attempts.length]).toEqual(['done', 2]);
  });

  test('takes another process by the number of a dead one for what it is', async () => {
    const folder = newFolder();
    const tasks = [scripted('a', WRITE)];
    await run(folder, tasks, { signal: AbortSignal.abort() });
    const self = { pid: process.pid, started: '1' };
    const { machine } = JSON.parse(readFileSync(await someRecord(), 'utf8'));
    const start = {
      attempt: 'local-1',
      node: 'here',
      started: '2020-01-01T00:00:00.000Z',
      machine,
      wrapper: self,
      command: self,
    };
    const file = path.join(taskFolder(folder, 'a'), 'attempt-local-1.json');
    writeFileSync(file, JSON.stringify({ ...start, submission: null, slot: 0 }));
    const [status] = await run(folder, tasks);
    expect([status.state, status.attempts.length]).toEqual(['done', 2]);
  });

  async function someRecord(): Promise<string> {
    const folder = newFolder();
    await run(folder, [scripted('a', WRITE)]);
    return path.join(taskFolder(folder, 'a'), 'attempt-local-1.json');
  }

  test('leaves a folder to the driver that has it, and takes it from a dead one', async () => {
    const folder = newFolder();
    const stop = new AbortController();
    const tasks = [scripted('a', 'setInterval(() => {}, 1000);')];
    const first = run(folder, tasks, { signal: stop.signal });
    await until(() => existsSync(path.join(folder, 'tasks/a/attempt-local-1.json')), 'the start');
    await expect(run(folder, tasks)).rejects.toThrow(/invalid second driver of .*: process \d+ on/);
    stop.abort();
    await first;
    const dead = path.join(folder, 'driver-dead.json');
    const { machine } = JSON.parse(readFileSync(path.join(folder, 'tasks/a/attempt-local-1.json'), 'utf8'));
    writeFileSync(dead, JSON.stringify({ node: 'here', machine, process: { pid: process.pid, started: '1' } }));
    await run(folder, tasks, { signal: AbortSignal.abort() });
    expect(readdirSync(folder).sort()).toEqual(['local.log', 'manifest.json', 'tasks']);
    writeFileSync(dead, '{"node": "he');
    await expect(run(folder, tasks)).rejects.toMatchObject({
      code: 'invalid-driver',
      message: `invalid claim of a driver ${dead}: it is not JSON, unexpected "\\"he"`,
      where: { file: dead },
    });
  });

  test('that is asked to stop stops its tasks and everything they started', async () => {
    const folder = newFolder();
    const stop = new AbortController();
    const file = path.join(base, 'grandchild');
    const script = `const { spawn } = require('node:child_process');
      const child = spawn('sleep', ['1000']); fs.writeFileSync('${file}', String(child.pid)); setInterval(() => {}, 1000);`;
    const running = run(folder, [scripted('a', script), scripted('b', WRITE), scripted('c', WRITE)], {
      parallel: 1,
      signal: stop.signal,
    });
    await until(() => existsSync(file) && numberIn(file) > 0, 'the start');
    stop.abort();
    expect(states(await running)).toBe('waiting waiting waiting');
    expect(isAlive(numberIn(file))).toBe(false);
    const [{ attempts }] = await taskStatuses(folder);
    expect(attempts).toMatchObject([{ exitCode: 143 }]);
  });
});

describe('a folder of tasks', () => {
  test('is refused for others, which are named', async () => {
    const folder = newFolder();
    const a = scripted('a', WRITE);
    await run(folder, [a, scripted('b', WRITE)]);
    const refused = (tasks: readonly Task[]) =>
      run(folder, tasks).then(
        () => '',
        (error: BimixError) => error.message,
      );
    expect(await refused([a])).toMatch(/invalid tasks: .* is for others: "b" is missing$/);
    expect(await refused([a, { ...a, id: 'c' }])).toMatch(/"b" is missing; "c" is new$/);
    expect(await refused([a, { id: 'b', command: ['x'], outputs: ['y'] }])).toMatch(
      /command of "b" was \[.*\] and is \["x"\]; outputs of "b" was \["out.txt"\] and is \["y"\]$/,
    );
    expect(states(await run(folder, [scripted('b', WRITE), a]))).toBe('done done');
  });

  test.each([
    [[scripted('a b', '')], /invalid task "a b": expected letters/],
    [[scripted('..', '')], /invalid task "..": expected letters/],
    [[scripted('a', ''), scripted('a', '')], /"a" is listed twice/],
    [[scripted('a', '', ['../x'])], /output "..\/x" is not a file in {out}/],
  ])('takes no tasks that cannot be distinguished or write elsewhere', async (tasks, message) => {
    await expect(run(newFolder(), tasks)).rejects.toThrow(message);
  });

  test('has no statuses before it has tasks', async () => {
    await expect(taskStatuses(base)).rejects.toThrow(BimixError);
  });

  test('counts one of two attempts at the same time', async () => {
    const folder = newFolder();
    const script = "fs.writeFileSync(out + '/out.txt', attempt);";
    await run(folder, [scripted('a', script)], { signal: AbortSignal.abort() });
    const twins = ['x', 'x', 'x'].map(name =>
      spawn(process.execPath, [path.join(BUILT, 'task-main.js'), folder, '--task', 'a', '--name', name]),
    );
    await Promise.all(twins.map(twin => new Promise(resolve => twin.once('exit', resolve))));
    const [status] = await taskStatuses(folder);
    expect(status.state).toBe('done');
    const names = status.attempts.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const counted = names.filter(name => status.results?.endsWith(`attempt-${name}`));
    expect(counted).toHaveLength(1);
    expect(readFileSync(path.join(status.results ?? '', 'out.txt'), 'utf8')).toBe(counted[0]);
  });

  test('ends an attempt that another has made needless', async () => {
    const folder = newFolder();
    const script = `if (attempt === 'first') setInterval(() => {}, 1000); else { ${WRITE} }`;
    await run(folder, [scripted('a', script)], { signal: AbortSignal.abort() });
    const start = (name: string) => {
      const twin = spawn(process.execPath, [path.join(BUILT, 'task-main.js'), folder, '--task', 'a', '--name', name]);
      return new Promise<number | null>(resolve => twin.once('exit', resolve));
    };
    const first = start('first');
    await until(() => existsSync(path.join(taskFolder(folder, 'a'), 'attempt-first.json')), 'the start');
    expect([await start('second'), await first]).toEqual([0, 0]);
    const [status] = await taskStatuses(folder);
    expect(status.results).toMatch(/-second$/);
    expect(status.attempts.map(({ exitCode }) => exitCode)).toEqual([143, 0]);
  });
});
