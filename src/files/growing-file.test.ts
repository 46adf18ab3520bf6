import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { followFile, pauseFor } from './growing-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'bimix-growing-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What is seen of a file while each pause does the next thing to it; after the last, the following is stopped. */
async function seenOf(path: string, happenings: readonly (() => void)[]): Promise<string[]> {
  const stop = new AbortController();
  const rest = [...happenings];
  const pause = async (): Promise<void> => {
    const next = rest.shift();
    if (next === undefined) stop.abort();
    else next();
  };
  const seen: string[] = [];
  for await (const file of followFile(path, { signal: stop.signal, pause })) seen.push(file.text());
  return seen;
}

test('whole lines are seen as they are written, a line in the making is not', async () => {
  const path = join(folder, 'run.log');
  writeFileSync(path, 'one\n');
  const seen = await seenOf(path, [
    () => appendFileSync(path, 'tw'),
    () => appendFileSync(path, 'o\n'),
    () => undefined,
    () => appendFileSync(path, 'three\nfo'),
  ]);
  expect(seen).toEqual(['one\n', 'one\ntwo\n', 'one\ntwo\nthree\n']);
});

test('a file begun anew is read as it is', async () => {
  const path = join(folder, 'restarted.log');
  writeFileSync(path, 'one\ntwo\n');
  expect(await seenOf(path, [() => writeFileSync(path, '1\n')])).toEqual(['one\ntwo\n', '1\n']);
});

test('a file that is not there is missing', async () => {
  await expect(seenOf(join(folder, 'nowhere.log'), [])).rejects.toMatchObject({ code: 'missing-file' });
});

test('a pause ends with the signal', async () => {
  const stop = new AbortController();
  const pause = pauseFor(3600, stop.signal)();
  stop.abort();
  await expect(pause).resolves.toBeUndefined();
});
