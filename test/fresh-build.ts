/**
 * Before the tests: brings `dist/` up to date. Worker threads and whole processes run what is built, and a stale build would
 * pass tests of code that no longer exists.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const SOURCE = path.join(ROOT, 'src');
const STAMP = path.join(ROOT, 'dist/.built');

export default async function freshBuild(): Promise<void> {
  const began = new Date();
  const built = timeOf(STAMP);
  const isChanged = (file: string): boolean => timeOf(file) > built;
  const kernels = filesIn(path.join(ROOT, 'assembly'));
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'scripts/build.mjs'].map(file => path.join(ROOT, file));
  if (built === 0 || [...kernels, ...settings].some(isChanged)) {
    process.stderr.write('building dist/\n');
    execFileSync('npm', ['run', 'build'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    return;
  }
  const sources = filesIn(SOURCE).filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts') && isChanged(file));
  if (sources.length === 0) return;
  process.stderr.write(`building ${sources.length} changed files of dist/\n`);
  const { default: typescript } = await import('typescript');
  const { config } = typescript.readConfigFile(path.join(ROOT, 'tsconfig.json'), file => readFileSync(file, 'utf8'));
  // A single file cannot see the package's "type": "module", which nodenext would ask for.
  const asModules = { ...config.compilerOptions, noEmit: false, module: 'esnext', moduleResolution: 'bundler' };
  const { options } = typescript.convertCompilerOptionsFromJson(asModules, ROOT);
  for (const file of sources) {
    // Types are checked by npm run typecheck; here only the code counts.
    const { outputText } = typescript.transpileModule(readFileSync(file, 'utf8'), {
      fileName: file,
      compilerOptions: options,
    });
    const target = path.join(ROOT, 'dist', path.relative(SOURCE, file)).replace(/\.ts$/, '.js');
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
  utimesSync(STAMP, began, began);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => path.join(folder, name));
}

/** 0 where there is none. */
function timeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
