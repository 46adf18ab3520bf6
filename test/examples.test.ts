/** The examples of trainers: their projects parse, and what their commands start is there. */

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readProject } from '../src/proxies/index.ts';

const FOLDER = path.resolve(import.meta.dirname, '../examples');
const PROJECTS = readdirSync(FOLDER).filter(name => existsSync(path.join(FOLDER, name, 'bimix.yaml')));

describe.for(PROJECTS)('examples/%s', name => {
  const folder = path.join(FOLDER, name);
  const scripts = readdirSync(folder).filter(file => /\.(?:sh|py)$/.test(file));

  test('has a project with a trainer of its own, whose losses are found', async () => {
    const { trainer, domains } = await readProject(path.join(folder, 'bimix.yaml'));
    expect(domains.length).toBeGreaterThan(1);
    expect(trainer.kind).toBe('command');
    if (trainer.kind !== 'command') return;
    expect(trainer.tokens).toBeGreaterThan(0);
    const command = [trainer.command].flat().join(' ');
    for (const placeholder of ['{mixture_file}', '{tokens}', '{seed}']) expect(command).toContain(placeholder);
    expect(scripts.filter(script => command.includes(script))).toHaveLength(1);
  });

  test('says in its README what it does and names each of its files', () => {
    const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');
    for (const word of ['**Data**', '**The mixture**', '**Losses**', 'bimix.yaml', ...scripts]) {
      expect(readme).toContain(word);
    }
  });

  test('has scripts without errors of syntax', () => {
    for (const script of scripts.filter(file => file.endsWith('.sh'))) {
      execFileSync('bash', ['-n', path.join(folder, script)]);
    }
    const python = scripts.filter(file => file.endsWith('.py')).map(file => path.join(folder, file));
    if (python.length === 0 || spawnSync('python3', ['--version']).status !== 0) return;
    const parse = 'import ast, sys\nfor file in sys.argv[1:]: ast.parse(open(file).read(), file)';
    execFileSync('python3', ['-c', parse, ...python]);
  });
});
