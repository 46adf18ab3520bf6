import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findDomains } from './project-domains.ts';
import { projectTemplate } from './project-template.ts';
import { readProject } from './project-yaml.ts';

const base = mkdtempSync(path.join(tmpdir(), 'bimix-domains-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

function folderOf(name: string, files: readonly string[]): string {
  for (const file of files) {
    mkdirSync(path.dirname(path.join(base, name, file)), { recursive: true });
    writeFileSync(path.join(base, name, file), 'text');
  }
  return path.join(base, name);
}

describe('domains of a folder', () => {
  test('are its subfolders with text, with the split that their files have', async () => {
    const files = [
      'web/a/deep/1.txt',
      'code/train.jsonl.gz',
      'code/valid.jsonl.gz',
      'images/x.png',
      '.git/x.txt',
      'note.md',
    ];
    expect(await findDomains(folderOf('folders', files))).toEqual([
      { name: 'code', train: ['code/train.jsonl.gz'], validation: ['code/valid.jsonl.gz'] },
      { name: 'web', files: ['web/**'] },
    ]);
  });

  test('are its text files where it has no such folders', async () => {
    expect(await findDomains(folderOf('files', ['web.jsonl.gz', 'code.txt', 'x.png', 'runs/a.txt']))).toEqual([
      { name: 'code', files: ['code.txt'] },
      { name: 'web', files: ['web.jsonl.gz'] },
    ]);
  });

  test('are neither plans, runs and laws, nor folders of runs', async () => {
    const folder = folderOf('own', ['web.txt', 'code.txt', 'runs-2/plan.jsonl', 'runs-2/inputs/a.json']);
    writeFileSync(path.join(folder, 'plan.jsonl'), '{"kind":"bimix-plan","schemaVersion":1}\n');
    writeFileSync(path.join(folder, 'law.json'), '{\n "kind": "bimix-law"\n}');
    expect((await findDomains(folder)).map(({ name }) => name)).toEqual(['code', 'web']);
  });

  test('fewer than two are refused with the way out', async () => {
    await expect(findDomains(folderOf('one', ['web/a.txt']))).rejects.toThrow('there is only "web"');
    await expect(findDomains(path.join(base, 'nowhere'))).rejects.toThrow('missing folder');
  });
});

describe('a new bimix.yaml', () => {
  test.each(['embedded', 'command'] as const)('for the %s trainer is a project', async trainer => {
    const domains = [
      { name: 'web', files: ['web/**'], available: 12 },
      { name: 'no: 1', train: ['a,b.jsonl'], validation: ['v.jsonl', '*.txt'] },
    ];
    const file = path.join(folderOf(trainer, []), 'bimix.yaml');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, projectTemplate({ domains, trainer }));
    const project = await readProject(file);
    expect(project.domains).toMatchObject([
      { name: 'web', files: ['web/**'], available: 12 },
      { name: 'no: 1', files: [], train: ['a,b.jsonl'], validation: ['v.jsonl', '*.txt'] },
    ]);
    expect(project.trainer.kind).toBe(trainer);
  });
});
