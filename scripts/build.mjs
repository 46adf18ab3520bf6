/**
 * Builds `dist/`: the sources by TypeScript, the engine's kernels by AssemblyScript. Removes what has no source any more, and
 * stamps the build with the time at which it began, so that a change made meanwhile is seen.
 */

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const began = new Date();

const timeOf = file => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const run = (command, ...args) =>
  execFileSync(path.join(root, 'node_modules/.bin', command), args, { cwd: root, stdio: 'inherit' });

run('tsc', '-p', 'tsconfig.build.json');
const kernels = path.join(dist, 'engine/engine.wasm');
const newestKernel = Math.max(...readdirSync(path.join(root, 'assembly')).map(name => timeOf(path.join(root, 'assembly', name))));
if (timeOf(kernels) < newestKernel) {
  mkdirSync(path.dirname(kernels), { recursive: true });
  run('asc', '--config', 'assembly/asconfig.json', '-o', 'dist/engine/engine.wasm');
}

for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  const source = path.join(root, 'src', name.replace(/(\.d\.ts|\.js)$/, '.ts'));
  if (/\.(d\.ts|js)$/.test(name) && !existsSync(source)) rmSync(path.join(dist, name));
}
chmodSync(path.join(dist, 'cli/main.js'), 0o755);
const stamp = path.join(dist, '.built');
writeFileSync(stamp, '');
utimesSync(stamp, began, began);
