/** bimix run on a real Slurm of two nodes, one of which is really killed, beside the same runs here. */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { invoke } from './invoke.ts';
import { clusterIfPossible, type SlurmCluster } from './slurm/slurm-cluster.ts';

const started = await clusterIfPossible();

const base = mkdtempSync(path.join(tmpdir(), 'bimix-run-slurm-'));
const at = (...parts: string[]) => path.join(base, ...parts);
const textOf = (file: string) => readFileSync(file, 'utf8');
const RUNS = ['spread-1', 'spread-2', 'spread-3'];

/** Lines that say all sorts of things, the same for each domain and seed. */
function lines(of: string, count: number): string {
  const texts = Array.from({ length: count }, (_, n) =>
    Array.from({ length: 40 }, (_, k) => `${of}${(n * 7919 + k * 104_729) % 9973}`).join(' '),
  );
  return texts.map(text => `${JSON.stringify({ text })}\n`).join('');
}

describe.skipIf(typeof started === 'string')('bimix run --on slurm', () => {
  const cluster = started as SlurmCluster;
  beforeAll(async () => {
    Object.assign(process.env, cluster.environment);
    mkdirSync(at('data'));
    writeFileSync(at('data', 'a.jsonl'), lines('a', 300));
    writeFileSync(at('data', 'b.jsonl'), lines('b', 300));
    writeFileSync(
      at('bimix.yaml'),
      `domains: {a: data/a.jsonl, b: data/b.jsonl}
trainer: {model: {width: 16, layers: 1, heads: 2, context: 32}, learning_rate: 0.003, tokens: 400K, evaluations: 3}
`,
    );
    await invoke('design', at('bimix.yaml'), '--runs', '3', '-o', at('plan.jsonl'));
  });
  afterAll(async () => {
    cluster.cancelAll();
    await cluster.stop();
    rmSync(base, { recursive: true, force: true, maxRetries: 5 });
  });

  test('goes on elsewhere when a node is killed, to the same bytes as here', async () => {
    const there = invoke('run', at('plan.jsonl'), '--on', 'slurm', '--folder', at('there'));
    const progress = RUNS.map(id => at('there', 'tasks', id, 'progress.json'));
    for (let n = 0; n < 1200 && !progress.every(file => existsSync(file)); n++) await pause(50);
    cluster.killNode('n1');
    cluster.declareDown('n1');
    const { code, out } = await there;
    expect([code, out]).toEqual([0, expect.stringContaining('3 runs, 3 done')]);
    cluster.startNode('n1');
    const { runs } = JSON.parse((await invoke('status', at('there'), '--json')).out);
    expect(runs.map(({ attempts }: { attempts: number }) => attempts).includes(2)).toBe(true);
    expect((await invoke('run', at('plan.jsonl'), '--on', 'local', '--folder', at('here'))).code).toBe(0);
    const results = (folder: string) =>
      RUNS.map(id => {
        const { attempt } = JSON.parse(textOf(at(folder, 'tasks', id, 'done.json')));
        return textOf(at(folder, 'tasks', id, `attempt-${attempt}`, 'metrics.jsonl'));
      });
    expect(results('there')).toEqual(results('here'));
  });
});
