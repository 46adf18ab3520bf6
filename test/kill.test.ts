/** Writers killed at any moment: what was written stands, what was not is not there, and the next command cleans up. */

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { writeWholeFile } from '../src/files/index.ts';
import { readCheckpoint } from '../src/proxies/checkpoint.ts';

const DIST = path.resolve(import.meta.dirname, '../dist');
const WRITER = path.join(import.meta.dirname, 'endless-writer.mjs');
const KILLS = 100;
const AT_A_TIME = 4;

/** What a killed writer said that stands, by file. */
async function writeUntilKilled(folder: string, kill: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, [WRITER, DIST, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise(done => child.on('close', done));
  // Between the first version of the first file and the second of the last, and somewhere inside a write.
  const lines = (kill * 7919) % 8;
  const milliseconds = (kill * 104_729) % 13;
  let said = '';
  await new Promise<void>(done => {
    child.on('close', () => done());
    child.stdout.on('data', data => {
      said += String(data);
      if (said.split('\n').length > lines) done();
    });
    if (lines === 0) child.on('spawn', () => pause(5 * milliseconds).then(() => done()));
  });
  await pause(milliseconds);
  child.kill('SIGKILL');
  await ended;
  const stands = said
    .split('\n')
    .slice(0, -1)
    .map(line => line.split(' '));
  return new Map(stands.map(([name, version]) => [name, Number(version)]));
}

/** The version that a file holds; throws unless it is whole. */
async function versionOf(folder: string, name: string): Promise<number> {
  if (name === 'checkpoint.bin') return (await readCheckpoint(folder, 'run'))?.position.step ?? Number.NaN;
  const bytes = readFileSync(path.join(folder, name));
  if (name === 'counts') {
    expect(bytes.subarray(-20, -16).toString('latin1')).toBe('DONE');
    return Number(/"version":(\d+)/.exec(bytes.toString('latin1', 0, 200))?.[1]);
  }
  const lines = bytes.toString('utf8').split('\n');
  expect(lines).toHaveLength(401);
  const versions = new Set(lines.slice(0, -1).map(line => line.split(' ')[0]));
  expect(versions.size).toBe(1);
  return Number([...versions][0]);
}

test('kill -9 at a hundred moments loses nothing and leaves nothing', async () => {
  let next = 0;
  const killOneByOne = async (): Promise<void> => {
    while (next < KILLS) {
      const kill = next++;
      const folder = mkdtempSync(path.join(tmpdir(), 'bimix-kill-'));
      try {
        const stands = await writeUntilKilled(folder, kill);
        await writeWholeFile(path.join(folder, 'next'), '');
        const names = readdirSync(folder).filter(name => name !== 'next');
        expect(names.filter(name => name.startsWith('.'))).toEqual([]);
        expect(names).toEqual(expect.arrayContaining([...stands.keys()]));
        for (const name of names) {
          const version = await versionOf(folder, name);
          expect(version, name).toBeGreaterThanOrEqual(stands.get(name) ?? 0);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, killOneByOne));
}, 120_000);
