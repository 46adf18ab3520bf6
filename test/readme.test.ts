import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haveShared, sharedPath } from './shared-data.ts';

const root = resolve(import.meta.dirname, '..');
const run = promisify(execFile);
const TABLE = 'data/slimpajama/dmsl_llm_slimpajama.csv';

/** The lines of every shell block. */
async function shellCommands(): Promise<string[]> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  return [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block.trim().split('\n'));
}

describe.skipIf(!haveShared('the commands of the README', TABLE))('the README, on the public SlimPajama table', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bimix-readme-'));
    await copyFile(sharedPath(TABLE), join(folder, 'dmsl_llm_slimpajama.csv'));
    // A corpus of the user's, as small as can be.
    await writeFile(join(folder, 'books.txt'), 'It was the best of times, it was the worst of times. '.repeat(50));
    await writeFile(join(folder, 'code.txt'), 'for (let i = 0; i < n; i++) sum += values[i];\n'.repeat(50));
    const domains = 'domains:\n  books: {files: [books.txt]}\n  code: {files: [code.txt]}\n';
    await writeFile(join(folder, 'corpus.yaml'), `tokenizer: gpt2\n${domains}`);
    // The clone is installed and built already, and `npm test` is what runs this: both are left to the surroundings.
    await writeFile(join(folder, 'npm'), '#!/bin/sh\nexit 0\n');
    await writeFile(
      join(folder, 'npx'),
      `#!/bin/sh\nshift\nexec "${process.execPath}" "${root}/dist/cli/main.js" "$@"\n`,
    );
    await chmod(join(folder, 'npm'), 0o755);
    await chmod(join(folder, 'npx'), 0o755);
    env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('every command runs, in the order of the page', async () => {
    const outputs = new Map<string, string>();
    for (const command of await shellCommands()) {
      const { stdout } = await run('sh', ['-c', command], { cwd: folder, env, maxBuffer: 1e8 });
      outputs.set(command, stdout);
    }
    const evaluated = [...outputs].find(([command]) => command.includes('bimix evaluate'))?.[1] ?? '';
    // The figures that the page quotes.
    expect(evaluated).toMatch(/bimix-transfer +0\.39\d %|bimix-transfer +0\.38[5-9] %/);
    expect(evaluated).toMatch(/bimix +1\.40\d %/);
    expect(evaluated).toMatch(/nearest \(baseline\) +2\.6[01]\d %/);
    expect((await stat(join(folder, 'report.html'))).size).toBeGreaterThan(100_000);
    expect(await readFile(join(folder, 'mixture.yaml'), 'utf8')).toContain('law: bimix-transfer');
    expect(await readFile(join(folder, 'entropy-mixture.yaml'), 'utf8')).toContain('conditional entropy');
  });
});

test('every page and picture that the README and the docs name is there', async () => {
  const pages = ['README.md', ...(await docPages())];
  for (const page of pages) {
    const text = await readFile(join(root, page), 'utf8');
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) {
      await expect(stat(resolve(root, page, '..', target)), `${page} links to ${target}`).resolves.toBeDefined();
    }
  }
});

async function docPages(): Promise<string[]> {
  const entries = await readdir(join(root, 'docs'), { recursive: true });
  return entries.filter(name => name.endsWith('.md')).map(name => join('docs', name));
}
