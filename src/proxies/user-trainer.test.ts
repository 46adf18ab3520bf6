import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { commandOf, type PlaceholderValues, trainerEnvironment } from './user-trainer.ts';

const VALUES: PlaceholderValues = {
  mixture_file: "/a folder/it's $HOME.yaml",
  available_file: '/a.json',
  tokens: '1000',
  seed: '7',
  run: 'spread-1',
};

/** What a script prints when it is run with the variables of a trainer and of an executor. */
function printed(script: string): string {
  const [program, ...args] = commandOf(script, VALUES);
  const env = { ...process.env, ...trainerEnvironment(VALUES), BIMIX_OUT: '/an out' };
  return execFileSync(program, args, { env, encoding: 'utf8' }).trimEnd();
}

describe("a trainer's command", () => {
  test('as a list has its placeholders replaced, and leaves the others to the executor', () => {
    const command = ['train', '--mix={mixture_file}', '{out}/x', '{seed}', '{threads}', '{"a": 1}'];
    expect(commandOf(command, VALUES)).toEqual([
      'train',
      `--mix=${VALUES.mixture_file}`,
      '{out}/x',
      '7',
      '{threads}',
      '{"a": 1}',
    ]);
  });

  test('as a script is never read as shell in what its placeholders stand for', () => {
    const file = VALUES.mixture_file;
    expect(printed("printf '%s|' {mixture_file} {out}/x")).toBe(`${file}|/an out/x|`);
    expect(printed('printf "%s|" "{mixture_file}" "{out}/x"')).toBe(`${file}|/an out/x|`);
    expect(printed("printf '%s|' 'a {mixture_file} b'")).toBe(`a ${file} b|`);
    expect(printed('printf "%s|" \\"{seed}\\"')).toBe('"7"|');
  });

  test('leaves variables and braces of the shell alone', () => {
    expect(printed(`run=3; echo "\${run}" {run} {tokens}`)).toBe('3 spread-1 1000');
    expect(printed("echo 1 2 | awk '{print $2}'")).toBe('2');
  });
});
