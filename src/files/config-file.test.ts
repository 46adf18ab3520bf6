import { expect, test } from 'vitest';
import { fileOf } from '../../test/importing.ts';
import { parseStructuredFile } from './config-file.ts';

const laughs = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
for (const [name, last] of [...'bcdefgh'].map((letter, i) => [letter, 'abcdefg'[i]])) {
  laughs.push(`${name}: &${name} [${Array(10).fill(`*${last}`).join(', ')}]`);
}

test('aliases are followed', () => {
  expect(parseStructuredFile(fileOf('a.yaml', 'web: &w {files: [a]}\ncode: *w\n')).value).toEqual({
    web: { files: ['a'] },
    code: { files: ['a'] },
  });
});

test.each([
  ['an alias inside what it names', 'domains: &a\n  web: *a\n', 'alias *a stands inside what it names', 2],
  ['one in a list', 'domains: &a [x, *a]\n', 'alias *a stands inside what it names', 1],
  ['an alias of nothing', 'web: *w\n', 'alias *w names nothing before it', 1],
  ['aliases that multiply', `${laughs.join('\n')}\n`, 'its aliases stand for too many values', 1],
  [
    'a reserved name',
    'domains:\n  __proto__: {files: a}\n',
    'a key is called "__proto__", which JavaScript reserves',
    2,
  ],
  ['a key twice', 'web: 1\nweb: 2\n', 'a key appears twice', 2],
  ['an open bracket', 'web: [1\n', 'the indentation does not fit the lines above, or a bracket is not closed', 2],
  ['tabs', 'web:\n\tcode: 1\n', 'a line is indented with tabs', 2],
])('%s is refused in our words, at its line', (_, text, trouble, line) => {
  expect(() => parseStructuredFile(fileOf('a.yaml', text))).toThrow(
    expect.objectContaining({
      code: 'invalid-yaml',
      message: expect.stringContaining(`invalid YAML in a.yaml: ${trouble}`),
      where: expect.objectContaining({ file: 'a.yaml', line }),
    }),
  );
});

test('names that objects have of themselves are names', () => {
  const { value } = parseStructuredFile(fileOf('a.yaml', 'constructor: 0.5\ntoString: 0.5\n'));
  expect(Object.entries(value as object)).toEqual([
    ['constructor', 0.5],
    ['toString', 0.5],
  ]);
});
