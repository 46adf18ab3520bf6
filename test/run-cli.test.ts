/** bimix init, design, run, status, collect and fit, with real processes that are really killed. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { type Invocation, invoke } from './invoke.ts';

const MAIN = path.resolve(import.meta.dirname, '../dist/cli/main.js');
const TRAINER = path.resolve(import.meta.dirname, 'law-trainer.mjs');
const base = mkdtempSync(path.join(tmpdir(), 'bimix-run-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const START = `node ${TRAINER} {mixture_file} {tokens} {seed} {out} {task}`;

interface Workshop {
  readonly folder: string;
  at(...parts: string[]): string;
  write(name: string, text: string): void;
  /** Folder of runs, which each test names itself. */
  run(...args: string[]): Promise<Invocation>;
}

/** A project in a folder of its own. */
function workshop(name: string, { command = START, losses = 'files: losses.jsonl', more = '' } = {}): Workshop {
  const folder = path.join(base, name);
  mkdirSync(folder);
  const at = (...parts: string[]) => path.join(folder, ...parts);
  const write = (file: string, text: string) => writeFileSync(at(file), text);
  write(
    'bimix.yaml',
    `domains: [web, code, books]
trainer:
  command: ${JSON.stringify(command)}
  losses: {${losses}}
  tokens: 8M
  size: 122M
executor: {parallel: 2}
${more}`,
  );
  return { folder, at, write, run: (...args) => invoke('run', at('plan.jsonl'), ...args) };
}

const SHARES = [
  [0.6, 0.2, 0.2],
  [0.2, 0.6, 0.2],
  [0.2, 0.2, 0.6],
  [0.4, 0.3, 0.3],
  [0.3, 0.25, 0.45],
  [0.45, 0.05, 0.5],
];

/** A plan of `count` runs of the project, without the command. */
async function plan({ at, folder }: Workshop, count: number, seeds: readonly number[] = []): Promise<void> {
  await invoke('design', at('bimix.yaml'), '--method', 'uniform', '--runs', '1', '-o', at('plan.jsonl'));
  const [header] = readFileSync(at('plan.jsonl'), 'utf8').split('\n');
  const runs = SHARES.slice(0, count).map(([web, code, books], n) =>
    JSON.stringify({ run: `mix-${n}`, weights: { web, code, books }, tokens: 8e6, seed: seeds[n] ?? 0 }),
  );
  writeFileSync(path.join(folder, 'plan.jsonl'), `${[header, ...runs].join('\n')}\n`);
}

/** As a process of its own. */
function start(args: readonly string[], environment: Record<string, string> = {}): ChildProcess & { said: string } {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...environment } });
  const told = Object.assign(child, { said: '' });
  const listen = (text: Buffer) => {
    told.said += String(text);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  return told;
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let n = 0; n < 1200; n++) {
    if (condition()) return;
    await pause(25);
  }
  throw new Error(`still waiting for ${what}`);
}

const law = (share: number, tokens: number) => 1.5 + 8 * (Math.max(share, 1e-3) * tokens) ** -0.3;
const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const records = (file: string) =>
  textOf(file)
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));

describe('bimix run', () => {
  test('goes the whole way from init to a law', async () => {
    const folder = path.join(base, 'whole');
    const at = (...parts: string[]) => path.join(folder, ...parts);
    const init = await invoke('init', folder, '--domains', 'web,code,books', '--trainer', 'command');
    expect([init.code, init.out]).toEqual([0, expect.stringContaining(`bimix run ${at('plan.jsonl')}`)]);
    expect((await invoke('init', folder, '--domains', 'a,b', '--trainer', 'command')).err).toContain(
      'it already exists',
    );
    const written = textOf(at('bimix.yaml'))
      .replace(/python train.py.*/, START)
      .replace('tokens: 1B', 'tokens: 8M');
    writeFileSync(at('bimix.yaml'), written);
    expect((await invoke('design', at('bimix.yaml'), '--runs', '8', '-o', at('plan.jsonl'))).code).toBe(0);
    const run = await invoke('run', at('plan.jsonl'), '--parallel', '2', '--folder', at('runs'));
    expect([run.code, run.out]).toEqual([0, expect.stringContaining('8 runs, 8 done')]);
    const collected = await invoke('collect', at('runs'), '-o', at('runs.jsonl'));
    expect([collected.code, collected.out]).toEqual([0, expect.stringContaining('bimix fit')]);
    const [header, ...rows] = records(at('runs.jsonl'));
    expect(header).toMatchObject({ volume: { unit: 'tokens' }, mapping: { web: 'web', code: 'code', books: 'books' } });
    expect(rows).toHaveLength(64);
    for (const { mixture, volume, losses } of rows) expect(losses.code).toBeCloseTo(law(mixture.code, volume), 9);
    const fit = await invoke('fit', at('runs.jsonl'), '--law', 'bimix-transfer', '-o', at('law.json'));
    expect([fit.code, existsSync(at('law.json'))]).toEqual([0, true]);
  });

  test('of which driver and a run are killed -9 loses nothing and repeats nothing', async () => {
    const shop = workshop('killed');
    await plan(shop, 6);
    const args = ['run', shop.at('plan.jsonl'), '--folder', shop.at('runs'), '--attempts', '2'];
    const driver = start(args, { TRAINER_MS: '60' });
    const task = (n: number, file: string) => shop.at('runs', 'tasks', `mix-${n}`, file);
    await until(() => existsSync(task(0, 'done.json')) && textOf(task(2, 'losses.jsonl')).length > 0, 'the third run');
    driver.kill('SIGKILL');
    const { command } = JSON.parse(textOf(task(2, 'attempt-local-1.json')));
    process.kill(-command.pid, 'SIGKILL');
    const again = start(args, { TRAINER_MS: '5' });
    await until(() => again.exitCode !== null, 'the second driver');
    expect([again.exitCode, again.said]).toEqual([0, expect.stringContaining('6 runs, 6 done')]);
    // The one that was killed went on from its checkpoint; each of the others began once.
    const began = [0, 1, 2, 3, 4, 5].map(n => textOf(task(n, 'log.txt')).trim().split('\n'));
    expect(began.filter((_, n) => n !== 2)).toEqual(Array(5).fill(['from 0']));
    expect(began[2]).toEqual(['from 0', expect.stringMatching(/^from [1-8]$/)]);
    await invoke('collect', shop.at('runs'), '-o', shop.at('runs.jsonl'));
    const [, ...rows] = records(shop.at('runs.jsonl'));
    expect(rows).toHaveLength(48);
    for (const { mixture, volume, losses } of rows) expect(losses.web).toBeCloseTo(law(mixture.web, volume), 9);
  });

  test('stopped by Ctrl-C says how to go on, and does', async () => {
    const shop = workshop('stopped');
    await plan(shop, 3);
    const args = ['run', shop.at('plan.jsonl'), '--folder', shop.at('runs')];
    const driver = start(args, { TRAINER_MS: '250' });
    const checkpoint = shop.at('runs', 'tasks', 'mix-0', 'losses.jsonl');
    await until(() => textOf(checkpoint).length > 0, 'a checkpoint');
    driver.kill('SIGINT');
    await until(() => driver.exitCode !== null, 'the driver');
    expect([driver.exitCode, driver.said]).toEqual([
      1,
      expect.stringContaining('missing runs: stopped with 0 of 3 done'),
    ]);
    expect(driver.said).toContain(`To continue, run the same command: bimix run ${shop.at('plan.jsonl')}`);
    expect((await invoke('status', shop.at('runs'))).out).toContain('3 waiting');
    expect((await shop.run('--folder', shop.at('runs'))).code).toBe(0);
    expect(textOf(shop.at('runs', 'tasks', 'mix-0', 'log.txt'))).toMatch(/^from 0\nfrom [1-8]\n$/);
  });

  test('with failed runs ends with 1, shows how their logs end, and tries them again', async () => {
    const shop = workshop('failed');
    await plan(shop, 3);
    shop.write('FAIL', '');
    const { code, out, err } = await shop.run('--folder', shop.at('runs'));
    expect([code, err]).toEqual([1, expect.stringContaining('invalid runs: 1 of 3 runs failed: mix-1')]);
    expect(out).toMatch(/failed mix-1: exit code 7\n +from checkpoint 0\n +out of memory, or so/);
    const partly = await invoke('collect', shop.at('runs'), '-o', shop.at('runs.jsonl'));
    expect(partly.out).toContain('1 run left out that failed: mix-1');
    expect(records(shop.at('runs.jsonl'))).toHaveLength(17);
    rmSync(shop.at('FAIL'));
    expect((await shop.run('--folder', shop.at('runs'))).out).toContain('3 runs, 3 done');
    expect(readdirSync(shop.at('runs', 'tasks', 'mix-0'))).not.toContain('attempt-local-2');
  });

  test('refuses another plan in the same folder, with the way out', async () => {
    const shop = workshop('changed');
    await plan(shop, 2);
    await shop.run('--folder', shop.at('runs'));
    await plan(shop, 2, [4]);
    const { code, err } = await shop.run('--folder', shop.at('runs'));
    expect([code, err]).toEqual([1, expect.stringContaining('holds runs of another, with another "mix-0"')]);
    expect(err).toContain(`--folder ${shop.at('runs')}-2`);
    expect((await shop.run('--folder', shop.at('runs-2'))).code).toBe(0);
    await invoke('collect', shop.at('runs'), shop.at('runs-2'), '-o', shop.at('both.jsonl'));
    const [, ...rows] = records(shop.at('both.jsonl'));
    expect([...new Set(rows.map(({ run }) => run))]).toEqual(['mix-0', 'mix-0/2', 'mix-1', 'mix-1/2']);
  });

  test('needs to know how runs are trained', async () => {
    const shop = workshop('untrained');
    const plain = '{"run":"a","weights":{"web":0.5,"code":0.25,"books":0.25}}\n';
    shop.write('next.jsonl', plain);
    const { code, err } = await invoke('run', shop.at('next.jsonl'));
    expect([code, err]).toEqual([1, expect.stringContaining('Pass --project bimix.yaml')]);
    const args = ['--project', shop.at('bimix.yaml'), '--folder', shop.at('runs')];
    expect((await invoke('run', shop.at('next.jsonl'), ...args)).code).toBe(0);
    shop.write('other.jsonl', plain.replace('books', 'law'));
    expect((await invoke('run', shop.at('other.jsonl'), ...args)).err).toContain(
      'only one of project and plan has "law"',
    );
  });

  test('hands on how many tokens a repetition-matched run may draw from', async () => {
    const shop = workshop('matched', { command: `${START} && cp {available_file} {out}/available.json` });
    const known = textOf(shop.at('bimix.yaml')).replace(
      '[web, code, books]',
      '{web: {available: 4B}, code: {available: 2B}, books: {available: 1B}}\nbudget: 8B',
    );
    shop.write('bimix.yaml', known);
    const options = ['--runs', '1', '--method', 'size', '--repetition-matched', '-o', shop.at('plan.jsonl')];
    expect((await invoke('design', shop.at('bimix.yaml'), ...options)).code).toBe(0);
    expect((await shop.run()).code).toBe(0);
    const handed = shop.at('runs', 'tasks', 'size', 'attempt-local-1', 'available.json');
    expect(JSON.parse(textOf(handed))).toEqual({ web: 4e6, code: 2e6, books: 1e6 });
    // The plan still knows what the project said.
    rmSync(shop.at('bimix.yaml'));
    const { out } = await invoke('collect', shop.at('runs'), '-o', shop.at('runs.jsonl'));
    expect(out).toContain(
      'bimix optimize law.json --tokens 8B --available web:4000000000,code:2000000000,books:1000000000',
    );
  });

  test('does the same for any number of threads', async () => {
    const shop = workshop('threads', { command: `${START} && echo {threads} > {out}/threads` });
    await plan(shop, 1);
    await shop.run('--folder', shop.at('runs'), '--threads', '3');
    expect(textOf(shop.at('runs', 'tasks', 'mix-0', 'attempt-local-1', 'threads'))).toBe('3\n');
    expect((await shop.run('--folder', shop.at('runs'), '--threads', '1')).code).toBe(0);
  });
});

describe('bimix status', () => {
  test('compares each run with the others at the same tokens, and marks what diverged', async () => {
    const shop = workshop('diverged', { more: 'objective: {web: 3, code: 1}\n' });
    await plan(shop, 4, [0, 0, 0, 13]);
    expect((await shop.run('--folder', shop.at('runs'))).code).toBe(0);
    const { out } = await invoke('status', shop.at('runs'));
    expect(out).toContain('4 runs, 3 done, 1 diverged');
    expect(out).toContain('diverged mix-3: the loss of "web" is not a finite number');
    const { runs } = JSON.parse((await invoke('status', shop.at('runs'), '--json')).out);
    const [first, , , last] = runs;
    const [web, code] = [law(0.6, 8e6), law(0.2, 8e6)];
    expect(first.newest.mean.loss).toBeCloseTo((3 * web + code) / 4, 9);
    expect(first.newest.losses.web.difference).toBeCloseTo(web - law(0.2, 8e6), 9);
    expect(last).toMatchObject({ run: 'mix-3', state: 'diverged', isDone: true });
  });

  test('does not send all diverged runs to collect, which says how to take them', async () => {
    const shop = workshop('all-diverged');
    await plan(shop, 2, [13, 13]);
    const { code, out } = await shop.run('--folder', shop.at('runs'));
    expect([code, out]).toEqual([0, expect.stringContaining('Every run diverged, and there is nothing to fit')]);
    const { err } = await invoke('collect', shop.at('runs'));
    expect(err).toContain('none of 2 runs has any that count (2 done, 2 diverged)');
    expect(err).toContain('--diverged takes what diverged runs had measured before.');
  });

  test('leaves diverged runs out of the table, visibly', async () => {
    const folder = path.join(base, 'diverged', 'runs');
    const { out } = await invoke('collect', folder, '--json');
    const { runs, findings } = JSON.parse(out);
    expect(runs).toBe(3);
    expect(findings[0]).toMatchObject({ kind: 'suspicion', code: 'diverged-runs', count: 1 });
    expect((await invoke('collect', folder)).out).toContain('1 run left out that diverged: mix-3');
    const kept = JSON.parse((await invoke('collect', folder, '--diverged', '--json')).out);
    expect([kept.runs, kept.checkpoints]).toEqual([4, 29]);
  });

  test('--watch ends with the runs', async () => {
    const { code, out } = await invoke('status', path.join(base, 'diverged', 'runs'), '--watch', '--json');
    expect([code, out.trim().split('\n').length]).toEqual([0, 1]);
  });

  test('of a folder without runs says what to do', async () => {
    expect((await invoke('status', base)).err).toContain('Train a plan first: bimix run plan.jsonl');
  });
});

describe("a trainer's own logs", () => {
  test('are read from what it prints', async () => {
    const lines = ['1000', '2000'].map((step, n) =>
      ['web', 'code', 'books']
        .map(
          name =>
            ` validation-${name} loss at iteration ${step} | lm loss value: ${3 - n}.5E+00 | lm loss PPL: 1.0E+01 | `,
        )
        .join('\n'),
    );
    const script = ' iteration     1000/    2000 | consumed samples:        16000 |';
    const shop = workshop('megatron', {
      command: `printf '%s\\n' '${script}' '${lines.join('\n')}' # {mixture_file}`,
      losses: 'format: megatron, files: "{log}", tokens_per_step: 4K',
    });
    await plan(shop, 2);
    expect((await shop.run('--folder', shop.at('runs'))).code).toBe(0);
    await invoke('collect', shop.at('runs'), '-o', shop.at('runs.jsonl'));
    const [header, ...rows] = records(shop.at('runs.jsonl'));
    expect(header.volume).toEqual({ unit: 'tokens' });
    expect(rows.map(({ run, size, volume }) => [run, size, volume])).toEqual([
      ['mix-0', 122e6, 4e6],
      ['mix-0', 122e6, 8e6],
      ['mix-1', 122e6, 4e6],
      ['mix-1', 122e6, 8e6],
    ]);
    expect(rows[1]).toMatchObject({ mixture: { web: 0.6, code: 0.2, books: 0.2 }, losses: { web: 2.5, books: 2.5 } });
  });

  test('with one blended loss are refused with the way out, and can be mended afterwards', async () => {
    const script = `printf '{"tokens": 8000000, "loss": 2.1, "w": 1.1, "c": 1.2, "b": 1.3}\\n' > {out}/losses.jsonl # {mixture_file}`;
    const shop = workshop('blended', { command: script });
    await plan(shop, 2);
    const { code, err, out } = await shop.run('--folder', shop.at('runs'));
    expect([code, err]).toEqual([1, expect.stringContaining('2 of 2 runs have no losses that can be read')]);
    expect(out).toContain('missing losses by domain');
    expect((await invoke('collect', shop.at('runs'))).err).toContain('A law needs the validation loss of each domain');
    const mended = 'files: losses.jsonl, columns: {losses: {web: w, code: c, books: b}}';
    shop.write('mended.yaml', textOf(shop.at('bimix.yaml')).replace('files: losses.jsonl', mended));
    const collected = await invoke('collect', shop.at('runs'), '--project', shop.at('mended.yaml'), '--json');
    expect(JSON.parse(collected.out)).toMatchObject({ runs: 2, evaluationDomains: ['web', 'code', 'books'] });
  });

  test('that are not where they should be cost no run', async () => {
    const shop = workshop('silent', { command: `${START} && mv {out}/losses.jsonl {out}/log.jsonl` });
    await plan(shop, 1);
    const { code, out, err } = await shop.run('--folder', shop.at('runs'));
    expect([code, out]).toEqual([1, expect.stringContaining('missing losses: nothing matches losses.jsonl')]);
    expect(err).toContain(`bimix collect ${shop.at('runs')} --project bimix.yaml`);
    shop.write('bimix.yaml', textOf(shop.at('bimix.yaml')).replace('files: losses.jsonl', 'files: log.jsonl'));
    const collected = await invoke('collect', shop.at('runs'), '--project', shop.at('bimix.yaml'), '--json');
    expect(JSON.parse(collected.out)).toMatchObject({ runs: 1, checkpoints: 8 });
    const again = await shop.run('--project', shop.at('bimix.yaml'), '--folder', shop.at('runs'));
    expect(again.code).toBe(0);
    expect((await invoke('collect', shop.at('runs'))).code).toBe(0);
  });
});
