import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatEntropyResults } from '../src/entropy/index.ts';
import { invoke } from './invoke.ts';
import { simulatedEntropy } from './simulated-entropy.ts';
import { simulatedCsv } from './simulated-runs.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

/** The simulated table with an accuracy that gets better as web and code do. */
function withAccuracy(csv: string): string {
  const [head, ...rows] = csv.trimEnd().split('\n');
  const [web, code] = ['web_loss', 'code_loss'].map(name => head.split(',').indexOf(name));
  const accuracy = (row: string): number => {
    const cells = row.split(',').map(Number);
    return 1 - 0.18 * Math.sqrt(cells[web] * cells[code]);
  };
  return [`${head},qa_acc`, ...rows.map(row => `${row},${accuracy(row)}`)].join('\n');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bimix-objectives-'));
  await writeFile(at('losses.csv'), withAccuracy(simulatedCsv(14, 0.002)));
  await writeFile(at('targets.yaml'), 'code: 1.38\n');
  await writeFile(at('entropy.json'), formatEntropyResults(simulatedEntropy(['web', 'code', 'books'])));
  await writeFile(at('other-entropy.json'), formatEntropyResults(simulatedEntropy(['a', 'b'])));
  const columns = ['--column', 'losses=*_loss', '--column', 'accuracy=*_acc'];
  expect((await invoke('import', at('losses.csv'), ...columns, '-o', at('runs.jsonl'))).code).toBe(0);
  const fit = ['fit', at('runs.jsonl'), '--law', 'bimix-transfer'];
  expect((await invoke(...fit, '-o', at('law.json'))).code).toBe(0);
  expect((await invoke(...fit, '--targets', 'web,code,qa', '-o', at('mixed.json'))).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true }));

describe('repetition', () => {
  const available = ['--available', 'code:0.5B,web:100B'];

  test('is counted in the optimum, with what drawn tokens are worth beside their epochs', async () => {
    const args = ['optimize', at('law.json'), '--tokens', '10B', ...available];
    const plain = JSON.parse((await invoke(...args, '--json')).out);
    const counted = JSON.parse((await invoke(...args, '--repetition', '--json')).out);
    expect(plain.repetition).toBeNull();
    expect(counted.repetition.decay).toBe(15.4);
    expect(counted.epochs.code).toBeLessThan(plain.epochs.code);
    expect(counted.repetition.worth.code).toBeLessThan(counted.tokens.code);
    expect(counted.gap).toBeLessThan(1e-9);
    const { out } = await invoke(...args, '--repetition', '8');
    expect(out).toContain('worth as new');
    expect(out).toContain('after 8 repetitions the next is worth 1/e');
  });

  test('is counted in predictions, and epochs are shown where tokens are known', async () => {
    await writeFile(at('mix.yaml'), 'web: 0.5\ncode: 0.2\nbooks: 0.3\n');
    const args = ['predict', at('law.json'), '--mixture', at('mix.yaml'), '--tokens', '10B'];
    const plain = JSON.parse((await invoke(...args, '--json')).out);
    const known = JSON.parse((await invoke(...args, ...available, '--json')).out);
    const counted = JSON.parse((await invoke(...args, ...available, '--repetition', '--json')).out);
    expect(plain.epochs).toEqual({ web: null, code: null, books: null });
    expect(known.epochs).toEqual({ web: 0.05, code: 4, books: null });
    expect(known.losses).toEqual(plain.losses);
    expect(counted.losses.code).toBeGreaterThan(plain.losses.code);
    const { out } = await invoke(...args, ...available, '--repetition');
    expect(out).toMatch(/code +20\.00 % +500M +2B +4 +1\.8\d+B/);
  });

  test('a domain without a token is shown with a warning where the mixture draws from it', async () => {
    await writeFile(at('even.yaml'), 'web: 0.4\ncode: 0.3\nbooks: 0.3\n');
    const args = ['predict', at('law.json'), '--mixture', at('even.yaml'), '--tokens', '10B'];
    const { out } = await invoke(...args, '--available', 'books:0,code:3B', '--repetition');
    expect(out).toMatch(/^books +30\.00 % +0 +3B +- +0$/m);
    expect(out).toContain('"books" has no tokens available, yet the mixture draws from it');
  });

  test('is shown along the budget', async () => {
    const args = ['path', at('law.json'), '--tokens', '1B..100B', '--points', '3', ...available, '--repetition'];
    const { points } = JSON.parse((await invoke(...args, '--json')).out);
    expect(points[2].epochs.code).toBeGreaterThan(points[0].epochs.code);
    expect((await invoke(...args)).out).toContain('epochs of code');
  });
});

test('export writes epochs where tokens are known', async () => {
  await writeFile(at('mix.yaml'), 'web: 0.5\ncode: 0.2\nbooks: 0.3\n');
  const args = ['export', at('mix.yaml'), '--to', 'csv', '--available', 'code:1B'];
  expect((await invoke(...args, '--tokens', '10B')).out).toContain('code,0.200000,2000000000,2');
  expect((await invoke(...args)).err).toContain('missing token budget');
  expect((await invoke(...args.slice(0, -1), 'cod:1B', '--tokens', '10B')).err).toContain('Did you mean "code"?');
});

describe('losses that must be reached', () => {
  test('hold, and what they cost is said', async () => {
    const args = [
      'optimize',
      at('law.json'),
      '--tokens',
      '10B',
      '--worse-at-most',
      '2%',
      '--target',
      at('targets.yaml'),
    ];
    const { targets, losses, reference, gap } = JSON.parse((await invoke(...args, '--json')).out);
    expect(targets.map(({ from }: { from: string }) => from)).toEqual(['reference', 'target', 'reference']);
    expect(losses.code).toBeLessThanOrEqual(1.38 * (1 + 1e-6));
    for (const domain of ['web', 'books']) {
      expect(losses[domain]).toBeLessThanOrEqual(1.02 * reference.losses[domain] * (1 + 1e-6));
    }
    expect(gap).toBeLessThan(1e-8);
    expect((await invoke(...args)).out).toMatch(/code +1\.3800 +1\.3800 +its target +at most 0\.0/);
  });

  test('that cannot be are refused with how near one can come', async () => {
    const { code, err } = await invoke('optimize', at('law.json'), '--tokens', '10B', '--target', 'code:0.9');
    expect(code).toBe(1);
    expect(err).toMatch(/no allowed mixture brings "code" to 0\.9 nats per token; the least it can have is 1\.\d+/);
    expect(err).toMatch(/Ask for 1\.\d+ or more/);
  });
});

describe('pareto', () => {
  const args = () => ['pareto', at('law.json'), '--tokens', '10B', '--first', 'code', '--second', 'web, books'];

  test('prints the front, as text and as JSON', async () => {
    const { out } = await invoke(...args(), '--points', '5');
    expect(out).toContain('code against web, books at 10B tokens');
    expect(out).toMatch(/At the mean of the runs: \d\.\d+ and \d\.\d+/);
    const front = JSON.parse((await invoke(...args(), '--points', '5', '--json')).out);
    expect(front.points).toHaveLength(5);
    expect(front.points[0].first).toBeLessThan(front.points[4].first);
    expect(front.runs).toHaveLength(14);
  });

  test('writes it as CSV, SVG and PNG', async () => {
    for (const name of ['front.csv', 'front.svg', 'front.png']) {
      expect((await invoke(...args(), '--points', '4', '-o', at(name))).code).toBe(0);
    }
    const [head, ...rows] = (await readFile(at('front.csv'), 'utf8')).trimEnd().split('\n');
    expect(head).toBe(
      'first,second,weight_of_second,gap,share_web,share_code,share_books,loss_web,loss_code,loss_books',
    );
    expect(rows).toHaveLength(4);
    expect(await readFile(at('front.svg'), 'utf8')).toContain('best for code');
    expect((await readFile(at('front.png'))).subarray(1, 4).toString()).toBe('PNG');
  });
});

describe('an accuracy in place of a loss', () => {
  test('is imported as an error rate without a training domain', async () => {
    const columns = ['--column', 'losses=*_loss', '--column', 'accuracy=*_acc'];
    const { out } = await invoke('import', at('losses.csv'), ...columns);
    expect(out).toContain('qa (error rate)');
    expect(out).toContain('error rates (1 - accuracy)');
    const [header] = (await readFile(at('runs.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(header)).toMatchObject({ metrics: { qa: 'error rate' }, mapping: { qa: null } });
  });

  test('is named with its unit by fit, which shows a coefficient that only other targets have', async () => {
    const { out } = await invoke('fit', at('runs.jsonl'), '--law', 'bimix-transfer', '--targets', 'qa,web');
    expect(out).toContain('L: nats per token, or as named.');
    const column = out.match(/^domain .* ρ/m)?.[0].length ?? 0;
    expect(out.match(/^qa \(error rate\) .*/m)?.[0].slice(0, column)).toMatch(/ -$/);
    expect(out.match(/^web .*/m)?.[0].slice(0, column)).toMatch(/\d/);
  });

  test('is fitted by the transfer law, and read back as an accuracy', async () => {
    await writeFile(at('mix.yaml'), 'web: 0.5\ncode: 0.2\nbooks: 0.3\n');
    const args = ['predict', at('mixed.json'), '--mixture', at('mix.yaml'), '--tokens', '10B'];
    const { losses, metrics, mean } = JSON.parse((await invoke(...args, '--json')).out);
    expect(metrics).toEqual({ qa: 'error rate' });
    expect(mean).toBeNull();
    expect(losses.qa).toBeCloseTo(0.18 * Math.sqrt(losses.web * losses.code), 2);
    const { out } = await invoke(...args);
    expect(out).toContain('qa (error rate)');
    expect(out).toContain(`accuracy ${(100 * (1 - losses.qa)).toFixed(1)} %`);
  });

  test('is added to losses by weights of your own only, in optimize, path and pareto', async () => {
    const budget = ['optimize', at('mixed.json'), '--tokens', '10B'];
    const equal = await invoke(...budget);
    expect(equal.code).not.toBe(0);
    expect(equal.err).toContain('ambiguous objective: the targets are web, code in nats per token; qa in error rate');
    expect(equal.err).toContain('--weights web:1,code:1  or  --weights qa:1.');
    expect(equal.err).toContain('--weights web:1,code:1,qa:1.');
    expect((await invoke('path', at('mixed.json'), '--tokens', '1B..10B')).err).toContain('ambiguous objective');
    const groups = ['pareto', at('mixed.json'), '--tokens', '10B', '--first', 'web,qa', '--second', 'code'];
    expect((await invoke(...groups)).err).toContain('ambiguous objective');

    const mixed = await invoke(...budget, '--weights', 'web:1,code:1,qa:10');
    expect(mixed.out).toMatch(/^Objective [\d.]+ in mixed units,/m);
    expect(mixed.out).toContain('the objective adds nats per token and error rate, in mixed units');
    const alone = await invoke(...budget, '--weights', 'qa:1');
    expect(alone.out).toMatch(/^Objective [\d.]+ error rate,/m);
    expect(alone.out).not.toContain('the objective adds');
  });

  test('leaves a report to the unit that most targets have, which it says', async () => {
    const report = ['report', at('runs.jsonl'), at('mixed.json'), '--tokens', '10B', '--split', 'every:4'];
    expect((await invoke(...report, '-o', at('mixed.html'))).code).toBe(0);
    const html = await readFile(at('mixed.html'), 'utf8');
    expect(html).toContain('The objective is the mean over the targets in nats per token: web, code');
  });
});

test('evaluate leaves out bimix by itself where a target has no training domain', async () => {
  const { code, out } = await invoke('evaluate', at('runs.jsonl'), '--targets', 'qa', '--split', 'every:4');
  expect(code).toBe(0);
  expect(out).toMatch(/^bimix-transfer /m);
  expect(out).not.toMatch(/^bimix /m);
});

test('a report holds entropies, the front, epochs, worth and targets', async () => {
  const args = [
    ...['report', at('runs.jsonl'), at('law.json'), '--tokens', '10B', '--split', 'every:4', '-o', at('report.html')],
    ...['--entropy', at('entropy.json'), '--first', 'code', '--second', 'web,books'],
    ...['--available', 'code:0.5B', '--repetition', '--target', 'code:1.4'],
  ];
  expect((await invoke(...args)).code).toBe(0);
  const html = await readFile(at('report.html'), 'utf8');
  for (const part of ['id="entropy"', 'figure-pareto-front', 'worth in new tokens', 'Epochs at the best shares']) {
    expect(html).toContain(part);
  }
  const plain = ['report', at('runs.jsonl'), at('law.json'), '--split', 'every:4', '-o', at('plain.html')];
  expect((await invoke(...plain)).code).toBe(0);
  expect(await readFile(at('plain.html'), 'utf8')).not.toContain('figure-pareto-front');
});

describe('wrong input', () => {
  test.each([
    [['optimize', 'LAW', '--tokens', '10B', '--repetition'], 'missing tokens available'],
    [['optimize', 'LAW', '--tokens', '10B', '--available', 'code:1B', '--repetition', '-3'], 'invalid --repetition -3'],
    [['optimize', 'LAW', '--tokens', '10B', '--available', 'code:1B,web'], 'invalid tokens available "web"'],
    [['optimize', 'LAW', '--tokens', '10B', '--target', 'cod:1.4'], 'Did you mean "code"?'],
    [['optimize', 'LAW', '--tokens', '10B', '--worse-at-most', '1'], 'expected a percentage'],
    [['pareto', 'LAW', '--tokens', '10B', '--first', 'code', '--second', 'code'], 'invalid groups: "code" is in both'],
    [['pareto', 'LAW', '--tokens', '10B', '--first', 'code', '--second', 'web', '--pull', '1'], 'invalid --pull'],
    [['pareto', 'LAW', '--tokens', '10B', '--first', 'code', '--second', 'web', '-o', 'front.txt'], 'unknown format'],
    [['report', 'RUNS', 'LAW', '--first', 'code'], 'missing --second'],
    [['report', 'RUNS', 'LAW', '--entropy', 'OTHER'], 'invalid entropies for this law'],
  ])('%j is answered in a sentence', async (words, message) => {
    const names: Record<string, string> = { LAW: 'law.json', RUNS: 'runs.jsonl', OTHER: 'other-entropy.json' };
    const { code, out, err } = await invoke(...words.map(word => (word in names ? at(names[word]) : word)));
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(message);
  });

  test('a law whose losses may rise with a share cannot count repetition', async () => {
    expect((await invoke('fit', at('runs.jsonl'), '--law', 'linear', '-o', at('linear.json'))).code).toBe(0);
    const args = ['optimize', at('linear.json'), '--tokens', '10B', '--available', 'code:1B', '--repetition'];
    const { code, err } = await invoke(...args);
    expect(code).toBe(1);
    expect(err).toContain('can rise with a share');
  });
});
