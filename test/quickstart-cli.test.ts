/** `bimix quickstart`, with runs as short as can be. */

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MAIN = path.resolve(import.meta.dirname, '../dist/cli/main.js');
const ARGS = [MAIN, 'quickstart', '--minutes', '0.1', '--group', 'reference-and-markup'];
const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bimix-quickstart-'));
});
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string): string => path.join(folder, name);

test('stopped on the way and started again, it ends with a mixture, its trial and a report', async () => {
  const first = spawn(process.execPath, ARGS, { cwd: folder, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  first.stderr.setEncoding('utf8').on('data', text => {
    said += text;
  });
  const closed = once(first, 'close');
  while (!existsSync(at('quickstart/runs/manifest.json')) && first.exitCode === null) await pause(25);
  // As a terminal's Ctrl-C: to the whole group, while proxies are in training.
  process.kill(-(first.pid as number), 'SIGINT');
  const [code] = await closed;
  expect(code).toBe(1);
  expect(said).toMatch(/missing runs\.jsonl: stopped before it was written[\s\S]*Run the same command to continue/);
  expect(existsSync(at('quickstart/plan.jsonl'))).toBe(true);
  expect(existsSync(at('report.html'))).toBe(false);

  const { stdout, stderr } = await run(process.execPath, ARGS, { cwd: folder, maxBuffer: 1e8 });
  expect(stderr).toContain(
    'mixtures to try  $ bimix design bimix.yaml --method dirichlet --runs 14 -o plan.jsonl (done)',
  );
  expect(stdout).toMatch(/domain +optimum +entropy +uniform +size/);
  expect(stdout).toMatch(/uniform +\d\.\d{4} +\d\.\d{4} to \d\.\d{4} +\d\.\d{4} +\d+\.\d\d %/);
  expect(stdout).toMatch(/fitted on 14 proxy runs, was off by \d+\.\d\d % on average \(MRE\)/);
  const page = await readFile(at('report.html'), 'utf8');
  for (const section of ['Did the predictions come true?', 'What the domains are worth'])
    expect(page).toContain(section);
  expect(await readFile(at('quickstart/megatron.txt'), 'utf8')).toContain('/data/arithmetic_text_document');
}, 900_000);

test('a folder of other settings is refused', async () => {
  const other = run(process.execPath, [...ARGS.slice(0, 2), '--minutes', '60'], { cwd: folder });
  await expect(other).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/invalid folder quickstart: it holds a quickstart of other settings/),
  });
});
