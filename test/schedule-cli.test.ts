import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { invoke } from './invoke.ts';
import { simulatedCsv } from './simulated-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'bimix-schedule-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => {
  writeFileSync(at('losses.csv'), simulatedCsv(12, 0.001));
  writeFileSync(at('mix.yaml'), 'web: 0.5\ncode: 0.3\nbooks: 0.2\n');
});

async function warningCodes(
  schedule: string | undefined,
  tokens: string,
): Promise<{ fit: string[]; predict: string[] }> {
  const said = schedule === undefined ? [] : ['--schedule', schedule];
  await invoke('import', at('losses.csv'), '-o', at('runs.jsonl'), ...said);
  const { out } = await invoke('fit', at('runs.jsonl'), '-o', at('law.json'), '--json');
  const predicted = await invoke('predict', at('law.json'), '--mixture', at('mix.yaml'), '--tokens', tokens, '--json');
  const codes = (text: string): string[] => JSON.parse(text).warnings.map(({ code }: { code: string }) => code);
  return { fit: codes(out), predict: codes(predicted.out) };
}

test('fits warn of a decaying or unknown schedule, predictions beyond the runs too', async () => {
  const cosine = await warningCodes('cosine', '30B');
  expect(cosine.fit).toContain('mid-schedule');
  expect(cosine.predict).toEqual(expect.arrayContaining(['volume-beyond-runs', 'mid-schedule']));
  const unknown = await warningCodes(undefined, '30B');
  expect(unknown.fit).toContain('schedule-unknown');
  expect(unknown.predict).toContain('schedule-unknown');
});

test('a prediction inside the volumes of the runs does not, nor a constant rate', async () => {
  expect((await warningCodes('cosine', '8B')).predict).not.toContain('mid-schedule');
  const constant = await warningCodes('constant', '30B');
  expect([...constant.fit, ...constant.predict].filter(code => code.includes('schedule'))).toEqual([]);
});

test('the schedule stands in runs.jsonl and outlives another import', async () => {
  await invoke('import', at('losses.csv'), '-o', at('first.jsonl'), '--schedule', 'wsd');
  await invoke('import', at('first.jsonl'), '-o', at('second.jsonl'));
  const header = (name: string): unknown => JSON.parse(readFileSync(at(name), 'utf8').split('\n')[0]).schedule;
  expect(header('first.jsonl')).toBe('wsd');
  expect(header('second.jsonl')).toBe('wsd');
  const { out } = await invoke('import', at('losses.csv'));
  expect(out).toContain('unknown; pass --schedule if you know it');
  expect((await invoke('import', at('losses.csv'), '--schedule', 'zigzag')).code).toBe(2);
});
