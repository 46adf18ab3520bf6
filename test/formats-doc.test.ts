/** The examples of docs/formats.md, imported as written. */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addImport } from '../src/cli/import.ts';
import { IMPORTERS, readRunsFile } from '../src/importers/index.ts';
import { eventFile } from './event-file.ts';

const DOC = path.resolve(import.meta.dirname, '../docs/formats.md');

interface Example {
  readonly section: string;
  readonly command: string;
}

const text = await readFile(DOC, 'utf8');
const examples: Example[] = [];
const files = new Map<string, string | Uint8Array>();
for (const section of text.split(/^## /m).slice(1)) {
  for (const [, info, body] of section.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)) {
    const [language, name] = info.split(' ');
    if (name !== undefined) files.set(name, body);
    else if (language === 'sh') examples.push({ section: section.split('\n')[0], command: body.trim() });
  }
}

/** Event files are no text: as the section on TensorBoard says they are logged. */
for (const name of text.match(/\bsmall-\d\/events\.out\.\S+/g) ?? []) {
  const ofRun = name.startsWith('small-1') ? [3.61, 1.92] : [3.74, 1.7];
  const scalars = ofRun.map((value, i) => ({ tag: `eval/${['web', 'code'][i]}_loss`, step: 1000, value }));
  files.set(name, eventFile(scalars));
}

describe('docs/formats.md', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bimix-formats-'));
    for (const [name, content] of files) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), content);
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('has a section for each importer, with an example', () => {
    expect(new Set(examples.map(({ section }) => section))).toEqual(new Set(IMPORTERS.map(({ name }) => name)));
  });

  test.for(examples)('$section: $command', async ({ section, command }) => {
    const [bimix, ...words] = command.split(/\s+/).map(word => word.replaceAll("'", ''));
    expect(bimix).toBe('bimix');
    const args = words.map(word => (files.has(word) || word === 'runs.jsonl' ? path.join(folder, word) : word));
    const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const program = new Command().exitOverride();
      addImport(program);
      await program.parseAsync(args, { from: 'user' });
    } finally {
      printed.mockRestore();
      told.mockRestore();
    }
    const { table } = await readRunsFile(path.join(folder, 'runs.jsonl'));
    expect(table.provenance.format).toBe(section);
    expect(table.runs).toHaveLength(2);
    expect([...table.ownDomain].some(index => index >= 0)).toBe(true);
  });
});
