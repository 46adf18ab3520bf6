import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const read = (file: string) => JSON.parse(readFileSync(resolve(root, file), 'utf8'));

test.each(['package.json', 'packages/sample-corpora/package.json'])(
  'every dependency of %s is pinned to one version',
  file => {
    const { dependencies, devDependencies, optionalDependencies } = read(file);
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    }
  },
);

test('the lock file names every optional platform package, so that npm ci takes it everywhere', () => {
  const { packages } = read('package-lock.json') as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      name => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
    ),
  );
  expect(missing, 'run node scripts/complete-lock.mjs').toEqual([]);
});

test('no installed package runs a script at install or builds anything native', () => {
  const { packages } = read('package-lock.json') as { packages: Record<string, { hasInstallScript?: boolean }> };
  const scripted = Object.entries(packages).flatMap(([path, { hasInstallScript }]) => (hasInstallScript ? [path] : []));
  // esbuild's and fsevents' scripts only check or apply to another platform; both come with their binaries.
  expect(scripted.filter(path => path !== '' && !/esbuild|fsevents/.test(path))).toEqual([]);
});

test('each sub-path export is a room with an index', () => {
  const { exports } = read('package.json') as { exports: Record<string, string | { default: string }> };
  for (const [subpath, target] of Object.entries(exports)) {
    const file =
      typeof target === 'string' ? target : target.default.replace('/dist/', '/src/').replace(/\.js$/, '.ts');
    expect(existsSync(resolve(root, file)), subpath).toBe(true);
  }
});

test('nothing of the public run tables is committed', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' });
  expect(files).not.toMatch(/dmsl_llm_slimpajama|train_pile_loss|proportions\.txt|valid_weight/);
});
