/** Standard input and output as files, and what names may do to a terminal. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { invoke } from './invoke.ts';

const MAIN = path.resolve(import.meta.dirname, '../dist/cli/main.js');
const ROWS = [
  'run,tokens,weight_web,weight_code,web_loss,code_loss',
  ...[0.1, 0.3, 0.5, 0.7, 0.9].map((web, i) => {
    const code = Number((1 - web).toFixed(1));
    return `r${i},1000000,${web},${code},${(3 - 0.4 * Math.log(web)).toFixed(4)},${(2 - 0.3 * Math.log(code)).toFixed(4)}`;
  }),
  '',
].join('\n');

let folder: string;
const at = (name: string): string => path.join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bimix-streams-'));
  writeFileSync(at('runs.csv'), ROWS);
});
afterAll(() => rmSync(folder, { recursive: true }));

function bimix(input: string, ...args: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    input,
    encoding: 'utf8',
    cwd: folder,
  });
  return { status, out: stdout, err: stderr };
}

describe('-', () => {
  test('carries runs, law and mixture from one command to the next, and nothing else is on standard output', () => {
    const runs = bimix(ROWS, 'import', '-', '-o', '-');
    expect(runs.out.split('\n')[0]).toMatch(/^\{"kind":"bimix-runs".*"rows":5/);
    expect(runs.err).toMatch(/5 runs/);
    const law = bimix(runs.out, 'fit', '-', '--law', 'bimix', '-o', '-');
    expect(JSON.parse(law.out)).toMatchObject({ kind: 'bimix-law' });
    const mixture = bimix(law.out, 'optimize', '-', '--tokens', '1M', '-o', '-', '--date', '2026-01-01');
    expect(mixture.out).toMatch(/^ {2}web: 0\.\d+/m);
    const csv = bimix(mixture.out, 'export', '-', '--to', 'csv', '-o', '/dev/stdout');
    expect(csv.out).toMatch(/^domain,proportion$/m);
    writeFileSync(at('law.json'), law.out);
    for (const text of [mixture.out, csv.out]) {
      expect(bimix(text, 'predict', 'law.json', '--tokens', '1M', '--mixture', '-')).toMatchObject({ status: 0 });
    }
  });

  test('may be given once for reading, and once for writing', async () => {
    expect((await invoke('verify', '-', '-')).err).toMatch(
      /ambiguous input: <law> and <runs> are both -, standard input/,
    );
    expect((await invoke('fit', at('runs.csv'), '-o', '-', '--json')).err).toMatch(
      /ambiguous output: --output and --json both write to standard output/,
    );
  });
});

describe('an output', () => {
  test('that the command reads too is refused, by whatever name', async () => {
    symlinkSync('runs.csv', at('link.csv'));
    const { code, err } = await invoke('import', at('runs.csv'), '-o', at('link.csv'));
    expect(code).toBe(1);
    expect(err).toMatch(/invalid output file .*link\.csv: the command reads it too, as <paths>/);
    expect(readFileSync(at('runs.csv'), 'utf8')).toBe(ROWS);
  });

  test('whose reader leaves early ends quietly', () => {
    const piped = `"${process.execPath}" "${MAIN}" import runs.csv -o - | head -c 10`;
    const { stderr, status } = spawnSync('bash', ['-o', 'pipefail', '-c', piped], { cwd: folder, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stderr).not.toMatch(/EPIPE|error/);
  });

  test.skipIf(!readdirSync('/dev').includes('full'))('on a full disk says so and exits with 1', () => {
    const { status, stderr } = spawnSync('bash', ['-c', `"${process.execPath}" "${MAIN}" presets > /dev/full`], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toBe('error: invalid standard output: the disk is full\n');
  });

  test('goes through a FIFO', () => {
    execFileSync('mkfifo', [at('fifo')]);
    const piped = `cat fifo & "${process.execPath}" "${MAIN}" import runs.csv -o fifo >&2; wait`;
    expect(execFileSync('bash', ['-c', piped], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })).toMatch(/^\{"kind"/);
  });
});

describe('control characters', () => {
  test('of names and paths are escaped on the terminal, and stay in JSON what they are', async () => {
    writeFileSync(at('odd.csv'), ROWS.replaceAll('r1,', 'r\u001b[2J\u202e1,').replaceAll('web', 'we\u009bb'));
    const { out } = await invoke('import', at('odd.csv'), '--verbose');
    expect(out).toMatch(/we\\u009bb/);
    const json = await invoke('import', at('odd.csv'), '--json');
    expect(JSON.parse(json.out).trainingDomains ?? JSON.parse(json.out)).toBeDefined();
    const missing = await invoke('import', at('no\u001b[31mne\r.csv'));
    expect(missing.err).toMatch(/no\\u001b\[31mne\\u000d\.csv/);
    for (const text of [out, json.out, missing.err])
      expect([...text].filter(character => '\u001b\u009b\u202e\r'.includes(character))).toEqual([]);
  });
});
