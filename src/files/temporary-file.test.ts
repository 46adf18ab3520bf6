import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeLeftovers, temporaryBeside } from './temporary-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bimix-temporary-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const deadPid = (): number => spawnSync('true').pid;
const named = (name: RegExp, replacement: string): string =>
  temporaryBeside(path.join(folder, 'a')).replace(name, replacement);

test('the files and folders of dead processes are removed, those of this one stay', () => {
  const own = temporaryBeside(path.join(folder, 'a'));
  const dead = named(/-\d+-/, `-${deadPid()}-`);
  const deadFolder = named(/-\d+-/, `-${deadPid()}-`);
  writeFileSync(own, '');
  writeFileSync(dead, '');
  mkdirSync(deadFolder);
  writeFileSync(path.join(deadFolder, 'b'), '');
  removeLeftovers(folder);
  expect(readdirSync(folder)).toEqual([path.basename(own)]);
});

test('a process id that was given out again is known by its start', () => {
  const reused = named(/-[\da-f]{8}-([\da-f]{8}\.tmp)$/, '-00000000-$1');
  writeFileSync(reused, '');
  removeLeftovers(folder);
  expect(existsSync(reused)).toBe(false);
});

test('a file of another machine stays for a week', () => {
  const other = named(/bimix-[\da-f]{8}/, 'bimix-00000000');
  writeFileSync(other, '');
  removeLeftovers(folder);
  expect(existsSync(other)).toBe(true);
  const eightDaysAgo = Date.now() / 1000 - 8 * 24 * 3600;
  utimesSync(other, eightDaysAgo, eightDaysAgo);
  removeLeftovers(folder);
  expect(existsSync(other)).toBe(false);
});

test('other hidden files stay', () => {
  writeFileSync(path.join(folder, '.bimix-notes.tmp'), '');
  removeLeftovers(folder);
  expect(readdirSync(folder)).toEqual(['.bimix-notes.tmp']);
});
