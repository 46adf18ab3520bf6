/** The layout of the source that docs/ARCHITECTURE.md promises. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const SOURCE = path.resolve(import.meta.dirname, '../src');

/** Rooms by floor, ground first, the two doors on top. A room imports from lower floors only. */
const FLOORS: readonly (readonly string[])[] = [
  ['errors'],
  ['mixture', 'numerics'],
  ['regression', 'observations', 'entropy'],
  ['laws'],
  ['fitting'],
  ['monitoring'],
  ['evidence'],
  ['optimize'],
  ['design'],
  ['decide'],
  ['charts'],
  ['files'],
  ['importers', 'exporters', 'report', 'corpus', 'engine', 'cluster'],
  ['counting', 'proxies'],
  ['cli', 'index.ts', 'node.ts'],
];

/** Rooms that run in a browser: no Node API, no clock, no global randomness. */
const PURE = FLOORS.slice(0, 11).flat();

const LONGEST = 400;
const EMPTY_NAMES = /^(utils?|helpers?|common|managers?|misc|shared)(\.|$)/;

interface SourceFile {
  /** Below src, for example `laws/bimix.ts`. */
  readonly name: string;
  readonly room: string;
  readonly text: string;
  readonly isTest: boolean;
}

const FILES: readonly SourceFile[] = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .map(name => name.split(path.sep).join('/'))
  .filter(name => name.endsWith('.ts'))
  .sort()
  .map(name => ({
    name,
    room: name.split('/')[0],
    text: readFileSync(path.join(SOURCE, name), 'utf8'),
    isTest: name.endsWith('.test.ts'),
  }));

const CODE = FILES.filter(({ isTest }) => !isTest);

/** What a file imports or re-exports, as written. */
function importsOf({ text }: SourceFile): string[] {
  return [...text.matchAll(/\bfrom '([^']+)'|\bimport\('([^']+)'\)|^import '([^']+)'/gm)].map(
    ([, from, dynamic, bare]) => from ?? dynamic ?? bare,
  );
}

/** Imports of other rooms, below src. */
function otherRooms(file: SourceFile): string[] {
  return importsOf(file)
    .filter(specifier => specifier.startsWith('.'))
    .map(specifier => path.posix.normalize(path.posix.join(path.posix.dirname(file.name), specifier)))
    .filter(target => target.split('/')[0] !== file.room);
}

function floorOf(room: string): number {
  return FLOORS.findIndex(rooms => rooms.includes(room));
}

test('every room has a floor', () => {
  const rooms = new Set(FILES.map(({ room }) => room));
  expect([...rooms].filter(room => floorOf(room) < 0)).toEqual([]);
});

test('a room imports from lower floors only', () => {
  const upward = CODE.flatMap(file =>
    otherRooms(file)
      .filter(target => floorOf(target.split('/')[0]) >= floorOf(file.room))
      .map(target => `${file.name} imports ${target}`),
  );
  expect(upward).toEqual([]);
});

test('a room is entered through its index', () => {
  const sideways = CODE.flatMap(file =>
    otherRooms(file)
      .filter(target => !/^[^/]+\/index\.ts$/.test(target))
      .map(target => `${file.name} imports ${target}`),
  );
  expect(sideways).toEqual([]);
});

describe.each(PURE)('%s', room => {
  const files = CODE.filter(file => file.room === room);

  test('has files', () => {
    expect(files).not.toEqual([]);
  });

  test('imports nothing of Node', () => {
    const nodes = files.filter(file => importsOf(file).some(specifier => specifier.startsWith('node:')));
    expect(nodes.map(({ name }) => name)).toEqual([]);
  });

  test('reads no clock, no global randomness and no process', () => {
    const impure = files.filter(({ text }) =>
      /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|(?<!-)\bprocess\./.test(text),
    );
    expect(impure.map(({ name }) => name)).toEqual([]);
  });
});

test(`no file is longer than ${LONGEST} lines`, () => {
  const long = FILES.filter(({ text }) => text.split('\n').length > LONGEST + 1);
  expect(long.map(({ name }) => name)).toEqual([]);
});

test('files and folders are named after what is in them, in kebab-case', () => {
  const parts = FILES.flatMap(({ name }) => name.split('/').map(part => ({ name, part })));
  expect(parts.filter(({ part }) => EMPTY_NAMES.test(part)).map(({ name }) => name)).toEqual([]);
  expect(parts.filter(({ part }) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?(\.ts)?$/.test(part))).toEqual([]);
});
