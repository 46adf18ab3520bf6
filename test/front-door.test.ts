/** `bimix` and `bimix/node` as a user imports them: the list of names, their examples, and a bundle for browsers. */

import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { JSDOM } from 'jsdom';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import * as bimix from '../src/index.ts';
import * as node from '../src/node.ts';
import { simulatedCsv } from './simulated-runs.ts';
import { TRUE_TRANSFER } from './true-laws.ts';

const SOURCE = path.resolve(import.meta.dirname, '../src');

interface Example {
  readonly name: string;
  readonly code: string;
  readonly hasSummary: boolean;
}

/** The docstring of each value that a door lets out, found through the index of its room. */
function examplesOf(door: string): Example[] {
  const text = readFileSync(path.join(SOURCE, door), 'utf8');
  return [...text.matchAll(/export \{([^}]*)\} from '([^']+)'/g)].flatMap(([, names, room]) =>
    names
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== '' && !name.startsWith('type '))
      .map(name => exampleOf(name, path.join(SOURCE, room))),
  );
}

function exampleOf(exported: string, index: string): Example {
  const [declared, name = declared] = exported.split(' as ');
  const lines = [...readFileSync(index, 'utf8').matchAll(/export \{([^}]*)\} from '([^']+)'/g)];
  const line = lines.find(([, names]) => names.split(',').some(found => found.trim() === declared));
  const file = readFileSync(path.join(path.dirname(index), line?.[2] ?? ''), 'utf8');
  const declaration = new RegExp(`^export (?:async )?(?:function\\*?|const|class) ${declared}\\b`, 'm').exec(file);
  const before = file.slice(0, declaration?.index ?? 0).trimEnd();
  const docstring = before.endsWith('*/') ? before.slice(before.lastIndexOf('/**')) : '';
  const code = /@example\n \* ```js\n([\s\S]*?) \* ```/.exec(docstring)?.[1] ?? '';
  return { name, code: code.replace(/^ \* ?/gm, ''), hasSummary: /^\/\*\*\s+(?:\* )?[A-Z`-]/.test(docstring) };
}

/** Runs an example: its imports become names taken from the doors. */
async function run(code: string, given: Readonly<Record<string, unknown>>): Promise<void> {
  const doors = { bimix, 'bimix/node': node };
  const body = code.replace(/^import (\{[^}]*\}) from '([^']+)';$/gm, "const $1 = doors['$2'];");
  const quiet = { log: () => {} };
  const AsyncFunction = (async () => {}).constructor as new (
    ...parameters: string[]
  ) => (...values: unknown[]) => Promise<void>;
  const names = Object.keys(given);
  await new AsyncFunction('doors', 'console', ...names, `{${body}}`)(doors, quiet, ...Object.values(given));
}

let folder: string;
let given: Record<string, unknown>;
const home = process.cwd();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bimix-door-'));
  const file = (name: string, text: string) => writeFile(path.join(folder, name), text);
  await file('losses.csv', simulatedCsv(10, 0.002));
  const { table } = await node.importRuns([path.join(folder, 'losses.csv')]);
  const text = [...bimix.formatRuns(table)].join('');
  const law = bimix.fitLaw(table, bimix.bimix, { check: false });
  await file('runs.jsonl', text);
  await file('law.json', bimix.formatLaws([law]));
  await file('mixture.yaml', 'web: 0.7\ncode: 0.3\n');
  await file('web.txt', 'the quick brown fox jumps over the lazy dog\n'.repeat(200));
  given = { text, table, law, document: new JSDOM('').window.document };
  process.chdir(folder);
});

afterAll(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true, force: true });
});

describe.each([
  ['bimix', 'index.ts', bimix],
  ['bimix/node', 'node.ts', node],
])('%s', (_door, file, names) => {
  const examples = examplesOf(file);

  test('lets out these names', () => {
    expect(examples.map(({ name }) => name).sort()).toEqual(Object.keys(names).sort());
    expect(Object.keys(names).sort()).toMatchSnapshot();
  });

  test.each(examples)('$name says what it is and shows how it is used', async ({ name, code, hasSummary }) => {
    expect(hasSummary, 'a sentence').toBe(true);
    expect(code, 'an @example').toContain(name);
    await run(code, given);
  });
});

test('bimix is bundled for a browser without any module of Node', async () => {
  const bundle = await rolldown({ input: path.join(SOURCE, 'index.ts'), platform: 'browser', logLevel: 'silent' });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  const imports = output.flatMap(chunk => (chunk.type === 'chunk' ? [...chunk.imports, ...chunk.dynamicImports] : []));
  const own = new Set(output.map(({ fileName }) => fileName));
  expect(imports.filter(name => !own.has(name))).toEqual([]);
  const code = output.map(chunk => (chunk.type === 'chunk' ? chunk.code : '')).join('');
  expect(builtinModules.filter(name => code.includes(`"node:${name}"`) || code.includes(`require("${name}")`))).toEqual(
    [],
  );
});

describe('types refuse', () => {
  test('a string where lines are expected', () => {
    expectTypeOf<string>().not.toExtend<Parameters<typeof bimix.parseRuns>[0]>();
    expectTypeOf<string[]>().toExtend<Parameters<typeof bimix.parseRuns>[0]>();
  });

  test('a mixture or a prediction without a volume, for a law that needs one', () => {
    const ask = () => {
      // @ts-expect-error a volume is missing
      bimix.proposeMixture(TRUE_TRANSFER);
      // @ts-expect-error a volume is missing
      bimix.proposeMixture(TRUE_TRANSFER, {});
      // @ts-expect-error a volume is missing
      bimix.predict(TRUE_TRANSFER, bimix.makeMixture({ web: 1 }));
      if (bimix.isWithoutVolume(TRUE_TRANSFER)) bimix.proposeMixture(TRUE_TRANSFER);
    };
    expect(ask).toThrow('missing data volume');
  });
});
