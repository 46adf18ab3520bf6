/**
 * Before the tests: builds `dist/` when a source is newer than it. Worker threads and whole processes run what is built, and
 * a stale build would pass tests of code that no longer exists.
 */

import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');

const INPUTS = ['src', 'assembly', 'scripts/build.mjs', 'tsconfig.json', 'tsconfig.build.json'];

export default function freshBuild(): void {
  if (timeOf(path.join(ROOT, 'dist/.built')) >= Math.max(...INPUTS.flatMap(filesIn).map(timeOf))) return;
  process.stderr.write('building dist/, which is older than the sources\n');
  execFileSync('npm', ['run', 'build'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The file, or the folder with all in it but tests: a folder changes when a file in it is removed or renamed. */
function filesIn(input: string): string[] {
  const whole = path.join(ROOT, input);
  if (!statSync(whole).isDirectory()) return [whole];
  const names = readdirSync(whole, { recursive: true, encoding: 'utf8' });
  return [whole, ...names.filter(name => !name.endsWith('.test.ts')).map(name => path.join(whole, name))];
}

/** 0 where there is none. */
function timeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
