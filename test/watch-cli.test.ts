import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fitLaw } from '../src/fitting/index.ts';
import { bimix, formatLaws } from '../src/laws/index.ts';
import { formatRuns, lossAt, mixtureOfRun, type RunTable, selectRuns } from '../src/observations/index.ts';
import { invoke } from './invoke.ts';
import { simulateTable } from './simulated-tables.ts';
import { TRUE_BIMIX } from './true-laws.ts';

const folder = mkdtempSync(join(tmpdir(), 'bimix-watch-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const VOLUMES = Array.from({ length: 10 }, (_, n) => (n + 1) * 1e9);
const HELD_OUT = 24;
let table: RunTable;

beforeAll(() => {
  table = simulateTable(TRUE_BIMIX, { runs: 25, volumes: VOLUMES, runNoise: 0.004, rowNoise: 0.002, seed: 3 });
  const known = selectRuns(table, run => run < HELD_OUT);
  writeFileSync(at('law.json'), formatLaws([fitLaw(known, bimix, { uncertainty: true })]));
  writeFileSync(at('unsure.json'), formatLaws([fitLaw(known, bimix)]));
  writeFileSync(at('runs.jsonl'), [...formatRuns(table)].join(''));
  const shares = mixtureOfRun(table, HELD_OUT);
  writeFileSync(
    at('mix.json'),
    JSON.stringify(Object.fromEntries(table.trainingDomains.map((d, j) => [d, shares[j]]))),
  );
  writeFileSync(at('healthy.jsonl'), logLines().join(''));
  writeFileSync(at('shifted.jsonl'), logLines((domain, n) => (domain === 'code' && n >= 5 ? 1.04 : 1)).join(''));
});

/** Lines of a trainer's log of the held-out run, in steps of 1M tokens. */
function logLines(factor: (domain: string, checkpoint: number) => number = () => 1): string[] {
  return VOLUMES.map((tokens, n) => {
    const losses = table.evaluationDomains.map((domain, i) => [
      `loss/${domain}`,
      lossAt(table, HELD_OUT * VOLUMES.length + n, i) * factor(domain, n),
    ]);
    return `${JSON.stringify({ step: tokens / 1e6, ...Object.fromEntries(losses) })}\n`;
  });
}

const watch = (log: string, ...options: string[]): ReturnType<typeof invoke> =>
  invoke('watch', at('law.json'), at(log), '--mixture', at('mix.json'), '--tokens-per-step', '1M', ...options);

describe('bimix watch', () => {
  test('prints a line a checkpoint, then the last one by domain', async () => {
    const { code, out, err } = await watch('healthy.jsonl', '--check');
    expect(err).toBe('');
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines[1]).toMatch(/tokens +web +code +books +offset +mean loss at 10B tokens/);
    expect(lines.slice(2, 12).map(line => line.trim().split(/ +/)[0])).toEqual(VOLUMES.map(v => `${v / 1e9}B`));
    expect(out).toContain('Last checkpoint at 10B tokens');
    expect(out).toContain('No alarm in 10 checkpoints.');
  });

  test('says which domain left its course and since when; --check makes that exit code 4', async () => {
    const { code, out } = await watch('shifted.jsonl');
    expect(code).toBe(0);
    expect(out).toMatch(/alarm: code left its course: since 6B tokens it is \d\.\d % above where the run was before/);
    expect((await watch('shifted.jsonl', '--check')).code).toBe(4);
  });

  test('--json has one object a checkpoint', async () => {
    const { out } = await watch('shifted.jsonl', '--json', '--interval', '80');
    const checkpoints = out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(checkpoints).toHaveLength(10);
    expect(checkpoints[0]).toMatchObject({ unit: 'tokens', volume: 1e9, judged: true, alarms: [] });
    expect(checkpoints[0].targets.map(({ target }: { target: string }) => target)).toEqual(['web', 'code', 'books']);
    expect(checkpoints.flatMap(({ alarms }) => alarms)[0]).toMatchObject({
      kind: 'change',
      target: 'code',
      since: 6e9,
    });
  });

  test('reads a run of a runs.jsonl, with its mixture and its tokens', async () => {
    const { code, out } = await invoke('watch', at('law.json'), at('runs.jsonl'), '--run', 'r024');
    expect(code).toBe(0);
    const fromLog = await watch('healthy.jsonl');
    expect(out).toBe(fromLog.out);
    expect((await invoke('watch', at('law.json'), at('runs.jsonl'))).err).toContain('ambiguous run');
  });

  test('does not guess a mixture from columns like shares, but says what they look like', async () => {
    const wide = (shares: ArrayLike<number>): string => {
      const names = table.trainingDomains.map(domain => `weight_${domain}`);
      const losses = table.evaluationDomains.map((_, i) => lossAt(table, HELD_OUT * VOLUMES.length, i));
      const header = ['tokens', ...names, ...table.evaluationDomains.map(domain => `${domain}_loss`)];
      return `${header.join(',')}\n${[VOLUMES[0], ...Array.from(shares), ...losses].join(',')}\n`;
    };
    writeFileSync(at('wide.csv'), wide(mixtureOfRun(table, HELD_OUT)));
    const refused = await invoke('watch', at('law.json'), at('wide.csv'));
    expect(refused.err).toContain('missing mixture');
    expect(refused.err).toContain("--column 'weights=weight_*'");
    const named = await invoke('watch', at('law.json'), at('wide.csv'), '--column', 'weights=weight_*');
    expect(named.code).toBe(0);
    const same = await watch('wide.csv');
    expect(same).toEqual(named);

    writeFileSync(at('other.csv'), wide([0.9, 0.05, 0.05]));
    const other = await watch('other.csv');
    expect(other.err).toContain('columns weight_* of the log look like shares of tokens and differ from --mixture');
    expect(other.out).toBe(named.out);
  });

  test('--follow prints what was there, then each checkpoint as it is written, and stops at the end of the run', async () => {
    const lines = logLines();
    writeFileSync(at('growing.jsonl'), lines.slice(0, 3).join(''));
    const watching = watch('growing.jsonl', '--follow', '--every', '0.001');
    for (const line of lines.slice(3)) {
      // A line reaches the file in two writes, as it may from a trainer.
      appendFileSync(at('growing.jsonl'), line.slice(0, 20));
      await new Promise(setImmediate);
      appendFileSync(at('growing.jsonl'), line.slice(20));
      await new Promise(setImmediate);
    }
    const { code, out } = await watching;
    expect(code).toBe(0);
    expect(out).toBe((await watch('healthy.jsonl')).out);
  });

  test('--follow ends in good order on Ctrl-C', async () => {
    writeFileSync(at('waiting.jsonl'), logLines().slice(0, 2).join(''));
    const listeners = process.listenerCount('SIGINT');
    const watching = watch('waiting.jsonl', '--follow', '--every', '3600');
    let done = false;
    void watching.then(() => {
      done = true;
    });
    while (!done && process.listenerCount('SIGINT') === listeners) await new Promise(setImmediate);
    process.emit('SIGINT');
    const { code } = await watching;
    expect(code).toBe(0);
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });

  test.each([
    ['a law that is not sure of itself', ['watch', 'unsure.json', 'healthy.jsonl', '--mixture', 'mix.json'], 'missing'],
    ['a log without its mixture', ['watch', 'law.json', 'healthy.jsonl', '--tokens-per-step', '1M'], 'missing mixture'],
    ['a log in steps', ['watch', 'law.json', 'healthy.jsonl', '--mixture', 'mix.json'], 'missing tokens per step'],
    ['a wrong rate', ['watch', 'law.json', 'healthy.jsonl', '--false-alarms', '100'], 'invalid --false-alarms 100'],
    ['a log that is not there', ['watch', 'law.json', 'no.jsonl', '--mixture', 'mix.json'], 'missing file'],
  ])('refuses %s', async (_, [command, ...rest], message) => {
    const args = rest.map(text => (/\.json/.test(text) ? at(text) : text));
    const { code, err } = await invoke(command, ...args);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});
