/** The examples of trainers: their projects parse, and what their commands start is there. */

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRunsFile } from '../src/importers/index.ts';
import { readProject } from '../src/proxies/index.ts';
import { invoke } from './invoke.ts';

const FOLDER = path.resolve(import.meta.dirname, '../examples');
const PROJECTS = readdirSync(FOLDER).filter(name => existsSync(path.join(FOLDER, name, 'bimix.yaml')));
/** Those with a trainer of their own. */
const TRAINERS = PROJECTS.filter(name =>
  /^ +command:/m.test(readFileSync(path.join(FOLDER, name, 'bimix.yaml'), 'utf8')),
);

test.for(PROJECTS)('examples/%s/bimix.yaml is a project', async name => {
  const { domains } = await readProject(path.join(FOLDER, name, 'bimix.yaml'));
  expect(domains.length).toBeGreaterThan(1);
});

describe.for(TRAINERS)('examples/%s', name => {
  const folder = path.join(FOLDER, name);
  const scripts = readdirSync(folder).filter(file => /\.(?:sh|py)$/.test(file));

  test('has a project with a trainer of its own, whose losses are found', async () => {
    const { trainer } = await readProject(path.join(folder, 'bimix.yaml'));
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

describe('trained by stand-ins of their trainers', () => {
  const usualPath = process.env.PATH;
  let scratch: string;
  beforeAll(() => {
    scratch = mkdtempSync(path.join(tmpdir(), 'bimix-examples-'));
    const programs = path.join(scratch, 'bin');
    mkdirSync(programs);
    for (const program of ['torchrun', 'python']) {
      const script = `#!/bin/sh\nexec '${process.execPath}' '${path.join(import.meta.dirname, 'stand-in-trainer.mjs')}' "$@"\n`;
      writeFileSync(path.join(programs, program), script, { mode: 0o755 });
    }
    process.env.PATH = `${programs}${path.delimiter}${usualPath}`;
  });
  afterAll(() => {
    process.env.PATH = usualPath;
    rmSync(scratch, { recursive: true });
  });

  test.for(TRAINERS)('%s is planned, run and collected', async name => {
    const folder = path.join(scratch, name);
    cpSync(path.join(FOLDER, name), folder, { recursive: true });
    const file = path.join(folder, 'bimix.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^( *gpus:).*$/m, '$1 0'));
    const [plan, runs, table] = ['plan.jsonl', 'runs', 'runs.jsonl'].map(part => path.join(folder, part));
    const done = async (...args: readonly string[]): Promise<void> => {
      const { code, out, err } = await invoke(...args);
      expect(`${code} ${code === 0 ? '' : out + err}`).toBe('0 ');
    };
    await done('design', file, '--runs', '3', '-o', plan);
    await done('run', plan, '--on', 'local', '--parallel', '2');
    await done('collect', runs, '-o', table);

    const { trainingDomains, evaluationDomains, volumeUnit, mixtures, rowRun, rowVolume, losses } = (
      await readRunsFile(table)
    ).table;
    expect(evaluationDomains).toEqual(trainingDomains);
    expect(volumeUnit).toBe('tokens');
    expect(new Set(rowRun).size).toBe(3);
    const size = trainingDomains.length;
    rowVolume.forEach((tokens, row) => {
      for (let j = 0; j < size; j++) {
        expect(losses[row * size + j]).toBeCloseTo(3 - mixtures[rowRun[row] * size + j] + 1000 / tokens, 4);
      }
    });
  });
});
