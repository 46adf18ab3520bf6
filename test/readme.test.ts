import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const run = promisify(execFile);
/** The lines of every shell block. */
async function shellCommands(): Promise<string[]> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  return [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block.trim().split('\n'));
}

describe('the README', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bimix-readme-'));
    await cp(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
    // The clone is installed and built already, and `npm test` is what runs this: both are left to the surroundings. Five minutes of
    // training are more than a test may take: the quickstart gets a few seconds.
    await writeFile(join(folder, 'npm'), '#!/bin/sh\nexit 0\n');
    await writeFile(
      join(folder, 'npx'),
      `#!/bin/sh\nshift\n[ "$1" = quickstart ] && set -- "$@" --minutes 0.1\nexec "${process.execPath}" "${root}/dist/cli/main.js" "$@"\n`,
    );
    await chmod(join(folder, 'npm'), 0o755);
    await chmod(join(folder, 'npx'), 0o755);
    env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('every command runs, in the order of the page', { timeout: 900_000 }, async () => {
    const outputs = new Map<string, string>();
    for (const command of await shellCommands()) {
      const { stdout } = await run('sh', ['-c', command], { cwd: folder, env, maxBuffer: 1e8 });
      outputs.set(command, stdout);
    }
    const outputOf = (part: string): string => [...outputs].find(([command]) => command.includes(part))?.[1] ?? '';
    expect(outputOf('bimix quickstart')).toContain('Did the predictions come true?');
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    // The figures that the page quotes.
    const quoted =
      /is\s([\d.]+)\s%\sfor\s`bimix-transfer`,\s([\d.]+)\s%\sfor\sthe\spublished\sBiMix\slaw,\sand\s([\d.]+)\s%\sfor\sthe\snearest/;
    const evaluated = outputOf('bimix evaluate');
    const errorOf = (law: string): string =>
      Number(new RegExp(`^${law} +([\\d.]+) %`, 'm').exec(evaluated)?.[1]).toFixed(2);
    expect(quoted.exec(readme)?.slice(1)).toEqual(['bimix-transfer', 'bimix', 'nearest \\(baseline\\)'].map(errorOf));
    const [, verified] = /the\sfour\strials\sis\s([\d.]+)\s%/.exec(readme) ?? [];
    expect(outputOf('bimix verify')).toContain(`MRE ${verified} %`);
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
