import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLaws } from '../src/laws/index.ts';
import { invoke } from './invoke.ts';
import { simulatedCsv, TRUE_COEFFICIENTS } from './simulated-runs.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bimix-cli-'));
  await writeFile(at('losses.csv'), simulatedCsv(12, 0.002));
  await writeFile(at('tokens.yaml'), 'web: 100B\ncode: 3B\nbooks: 20B\n');
  await writeFile(at('mix.yaml'), 'web: 0.5\ncode: 0.2\nbooks: 0.3\n');
  expect((await invoke('import', at('losses.csv'), '-o', at('runs.jsonl'))).code).toBe(0);
  expect((await invoke('fit', at('runs.jsonl'), '--law', 'bimix', '-o', at('law.json'))).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true }));

describe('from losses to a mixture', () => {
  test('import says what it understood and writes runs.jsonl', async () => {
    const { code, out, err } = await invoke('import', at('losses.csv'), '-o', at('again.jsonl'));
    expect(code).toBe(0);
    expect(out).toContain('12');
    expect(out).toContain('3: web, code, books');
    expect(err).toContain('again.jsonl');
    expect(await readFile(at('again.jsonl'), 'utf8')).toBe(await readFile(at('runs.jsonl'), 'utf8'));
  });

  test('import --json is one JSON value with findings', async () => {
    const { out } = await invoke('import', at('losses.csv'), '--json');
    expect(JSON.parse(out)).toMatchObject({ format: 'wide', runs: 12, checkpoints: 60, volume: { unit: 'tokens' } });
  });

  test('fit recovers the law the runs were simulated from', async () => {
    const [law] = parseLaws(await readFile(at('law.json'), 'utf8'), 'law.json');
    for (const { target, coefficients, standardErrors } of law.targets) {
      const { alpha } = TRUE_COEFFICIENTS[target];
      expect(Math.abs(coefficients.alpha - alpha)).toBeLessThan(4 * (standardErrors.alpha ?? 0));
    }
    const { out } = await invoke('fit', at('runs.jsonl'), '--law', 'bimix');
    expect(out).toContain('enough runs for bimix: 12 different mixtures of 3 domains. On mixtures held out in 5 folds');
    expect(out).toContain('nats per token');
  });

  test('fit takes bimix-transfer unless told otherwise, and gives the same bytes twice', async () => {
    const once = await invoke('fit', at('runs.jsonl'), '--json');
    const twice = await invoke('fit', at('runs.jsonl'), '--law', 'bimix-transfer', '--json');
    expect(once.out).toBe(twice.out);
    expect(JSON.parse(once.out).law).toBe('bimix-transfer');
  });

  test('evaluate --json has the agreed shape, laws in the order given, baselines apart', async () => {
    const { code, out } = await invoke('evaluate', at('runs.jsonl'), '--split', 'every:4', '--json');
    expect(code).toBe(0);
    const evidence = JSON.parse(out);
    expect(evidence).toMatchObject({ split: 'every:4', runs: 3, points: 45 });
    expect(evidence.laws.map((entry: { law: string }) => entry.law)).toEqual(['bimix', 'bimix-transfer']);
    expect(evidence.baselines.map((entry: { law: string }) => entry.law)).toEqual(['mean', 'nearest']);
    expect(Object.keys(evidence.laws[0].mean)).toEqual(['mre', 'mreAtLast', 'mae', 'r2', 'r2Log', 'spearman']);
    expect(evidence.laws[0].targets.code).toMatchObject({ n: 15, runs: 3 });
    expect(evidence.laws[0].mean.mre).toBeLessThan(0.004);
    expect(evidence.baselines[0].mean.mre).toBeGreaterThan(0.01);
  });

  test('evaluate prints the split, the runs and the baselines', async () => {
    const { out } = await invoke('evaluate', at('runs.jsonl'), '--law', 'bimix');
    expect(out).toContain('Held out: whole runs in 5 folds (seed 0)');
    expect(out).toContain('12 runs, 60 checkpoints up to 10B tokens');
    expect(out).toContain('mean (baseline)');
  });

  test('evaluate --offset sets each law beside itself with run offsets, where runs have a past', async () => {
    const args = ['evaluate', at('runs.jsonl'), '--law', 'bimix', '--offset', '--json'];
    const { laws } = JSON.parse((await invoke(...args, '--split', 'after:0.5')).out);
    expect(laws.map((entry: { law: string }) => entry.law)).toEqual(['bimix', 'bimix + run offset']);
    expect(laws[1].mean.mreAtLast).toBeGreaterThan(0);
    const refused = await invoke(...args);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('invalid --offset with --split kfold:5');
  });

  test('predict agrees with the law and says where it extrapolates', async () => {
    const { out } = await invoke('predict', at('law.json'), '--mixture', at('mix.yaml'), '--tokens', '10B', '--json');
    const { losses, mean, mixture } = JSON.parse(out);
    expect(mixture).toEqual({ web: 0.5, code: 0.2, books: 0.3 });
    const { C, alpha, B } = TRUE_COEFFICIENTS.code;
    expect(losses.code).toBeCloseTo(0.2 ** -alpha * (B + C), 1);
    expect(mean).toBeCloseTo((losses.web + losses.code + losses.books) / 3, 12);
    const far = await invoke('predict', at('law.json'), '--mixture', at('mix.yaml'), '--tokens', '1T');
    expect(far.out).toContain('100 times the largest volume');
  });

  test('runs without a data volume have no x, and an optimum without tokens none of their columns', async () => {
    const rows = simulatedCsv(12, 0.002).trimEnd().split('\n');
    const tokens = rows[0].split(',').indexOf('tokens');
    const last = rows.filter((row, n) => n === 0 || row.split(',')[tokens] === '10000000000');
    const without = last.map(row => row.split(',').filter((_, column) => column !== tokens));
    await writeFile(at('last.csv'), without.map(cells => cells.join(',')).join('\n'));
    expect((await invoke('import', at('last.csv'), '-o', at('last.jsonl'))).code).toBe(0);
    const { out } = await invoke('fit', at('last.jsonl'), '--law', 'bimix-transfer', '-o', at('last.json'));
    expect(out).toContain('The runs have no data volume: x is 1. r: share of tokens');
    expect(out).toMatch(/ \?( |$)/m);
    expect(out).toContain('?: the runs leave it open');
    const optimum = (await invoke('optimize', at('last.json'))).out;
    expect(optimum).toMatch(/^domain +share of tokens +within \+0.1 % of the loss +mean of the runs$/m);
    expect((await invoke('optimize', at('last.json'), '--tokens', '1B')).out).toMatch(/mean of the runs +tokens$/m);
  });

  test('optimize --json has the agreed shape and a certificate', async () => {
    const { out } = await invoke('optimize', at('law.json'), '--tokens', '10B', '--json');
    const proposal = JSON.parse(out);
    const shares = Object.values(proposal.mixture as Record<string, number>);
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(proposal.gap).toBeLessThan(1e-9);
    expect(proposal.tokens.code).toBeCloseTo(proposal.mixture.code * 10e9, 0);
    for (const key of ['epochs', 'losses', 'reference', 'warnings']) expect(proposal).toHaveProperty(key);
  });

  test('tokens available and epochs hold a share down', async () => {
    const { out } = await invoke(
      'optimize',
      at('law.json'),
      '--tokens',
      '60B',
      '--available',
      at('tokens.yaml'),
      '--max-epochs',
      '4',
      '--json',
    );
    const proposal = JSON.parse(out);
    expect(proposal.epochs.code).toBeCloseTo(4, 9);
    expect(proposal.mixture.code).toBeCloseTo(0.2, 9);
    expect(proposal.activeBounds).toContainEqual({
      domain: 'code',
      bound: 'tokens available',
      share: proposal.mixture.code,
    });
  });

  test('optimize -o writes a mixture that predict reads and export turns into a Megatron line', async () => {
    await invoke('optimize', at('law.json'), '--tokens', '10B', '-o', at('mixture.yaml'));
    const text = await readFile(at('mixture.yaml'), 'utf8');
    expect(text).toContain('unit: share of tokens');
    expect(text).toMatch(/law: bimix\n/);
    expect((await invoke('predict', at('law.json'), '--mixture', at('mixture.yaml'), '--tokens', '10B')).code).toBe(0);
    const { out } = await invoke('export', at('mixture.yaml'), '--to', 'megatron', '--template', '/data/{domain}');
    expect(out).toMatch(/^--data-path 0\.\d{6} \/data\/web 0\.\d{6} \/data\/code 0\.\d{6} \/data\/books\n$/);
  });

  test('path goes from one budget to the other', async () => {
    const { out } = await invoke('path', at('law.json'), '--tokens', '1B..1T', '--points', '4', '--json');
    const { points } = JSON.parse(out);
    expect(points.map((point: { volume: number }) => Math.round(point.volume / 1e9))).toEqual([1, 10, 100, 1000]);
    expect((await invoke('path', at('law.json'), '--tokens', '1B..1T')).out).toContain('3.162B');
  });

  test('report writes one HTML file without outside references, the same bytes for the same date', async () => {
    const args = ['report', at('runs.jsonl'), at('law.json'), at('mix.yaml'), '--date', '2026-01-02'];
    expect((await invoke(...args, '-o', at('a.html'))).code).toBe(0);
    expect((await invoke(...args, '-o', at('b.html'))).code).toBe(0);
    const page = await readFile(at('a.html'), 'utf8');
    expect(page).toBe(await readFile(at('b.html'), 'utf8'));
    expect(page).not.toMatch(/(src|href)="https?:/);
    expect(page).toContain('mix.yaml');
    expect(page).not.toMatch(/NaN|undefined/);
  });

  test('presets are listed and shown', async () => {
    expect((await invoke('presets')).out).toContain('slimpajama/doremi');
    const [preset] = JSON.parse((await invoke('presets', 'slimpajama/ce', '--json')).out);
    expect(preset).toMatchObject({ name: 'slimpajama/ce', unit: 'share of tokens' });
  });
});

describe('several model sizes', () => {
  beforeAll(async () => {
    const small = simulatedCsv(8, 0.002, 2).trim().split('\n');
    const big = simulatedCsv(8, 0.002, 3).trim().split('\n').slice(1);
    const lines = [
      `${small[0]},model_size`,
      ...small.slice(1).map(line => `${line},1e8`),
      ...big.map(line => `${line},1e9`),
    ];
    await writeFile(at('sizes.csv'), lines.join('\n'));
    await invoke('import', at('sizes.csv'), '-o', at('sizes.jsonl'));
  });

  test('are fitted one by one, and a law is chosen by --size', async () => {
    const { code } = await invoke('fit', at('sizes.jsonl'), '--law', 'bimix', '-o', at('laws.json'));
    expect(code).toBe(0);
    const none = await invoke('optimize', at('laws.json'), '--tokens', '10B');
    expect(none.code).toBe(1);
    expect(none.err).toContain('ambiguous model size: the law file has 100M, 1B');
    expect((await invoke('optimize', at('laws.json'), '--tokens', '10B', '--size', '1B')).code).toBe(0);
  });

  test('are evaluated one by one', async () => {
    const { out } = await invoke('evaluate', at('sizes.jsonl'), '--law', 'bimix', '--json');
    expect(JSON.parse(out).sizes.map((entry: { size: number }) => entry.size)).toEqual([1e8, 1e9]);
    const one = await invoke('evaluate', at('sizes.jsonl'), '--law', 'bimix', '--where', 'size=100M', '--json');
    expect(JSON.parse(one.out)).toMatchObject({ split: 'kfold:5', runs: 8, size: 1e8 });
  });
});

describe('failures', () => {
  test.each([
    [['fit'], 'missing required argument'],
    [['fit', 'runs.jsonl', '--lav', 'bimix'], '--law'],
    [['optimise', 'law.json'], 'optimize'],
    [['evaluate', 'runs.jsonl', '--robust', 'maybe'], 'Allowed choices are huber, none'],
  ])('a wrong command line, %j, exits with 2 and says what was meant', async (args, said) => {
    const { code, err, out } = await invoke(...args);
    expect(code).toBe(2);
    expect(err).toContain(said);
    expect(out).toBe('');
  });

  test.each([
    [['fit', 'absent.jsonl'], 'missing'],
    [['fit', 'RUNS', '--law', 'bimx'], 'Did you mean "bimix"?'],
    [['fit', 'RUNS', '--targets', 'cod'], 'Did you mean "code"?'],
    [['fit', 'RUNS', '--lambda', '-1'], 'invalid --lambda -1'],
    [['evaluate', 'RUNS', '--split', 'kfold:99'], 'invalid split "kfold:99"'],
    [['evaluate', 'RUNS', '--where', 'step>=1'], 'step'],
    [['predict', 'LAW', '--mixture', 'MIX'], 'missing data volume'],
    [['predict', 'LAW', '--mixture', 'MIX', '--steps', '100'], 'invalid volume in steps'],
    [['predict', 'LAW', '--mixture', 'slimpajama/doremy', '--tokens', '1B'], 'Did you mean "slimpajama/doremi"?'],
    [['predict', 'LAW', '--mixture', 'pile/ce', '--tokens', '1B'], 'unknown domain'],
    [['optimize', 'LAW', '--tokens', 'many'], 'invalid number of tokens "many"'],
    [['optimize', 'LAW', '--tokens', '1T', '--max-epochs', '4'], 'missing tokens available'],
    [['optimize', 'LAW', '--tokens', '1T', '--available', 'TOKENS', '--max-epochs', '1'], 'invalid'],
    [['optimize', 'LAW', '--tokens', '10B', '-o', 'mixture.txt'], 'unknown format of mixture.txt'],
    [['path', 'LAW', '--tokens', '10B'], 'expected FROM..TO'],
    [['report', 'RUNS', 'RUNS'], 'invalid law file'],
    [['export', 'MIX', '--to', 'megatron'], 'missing path of the data of "web"'],
    [['presets', 'slimpajama'], 'unknown'],
  ])('wrong input, %j, exits with 1 and names the way out', async (args, said) => {
    const names: Record<string, string> = {
      RUNS: 'runs.jsonl',
      LAW: 'law.json',
      MIX: 'mix.yaml',
      TOKENS: 'tokens.yaml',
    };
    const before = (await readdir(folder)).sort();
    const { code, err } = await invoke(...args.map(arg => (arg in names ? at(names[arg]) : arg)));
    expect(code).toBe(1);
    expect(err).toContain(said);
    expect(err).not.toContain('    at ');
    expect((await readdir(folder)).sort()).toEqual(before);
  });

  test.each([
    ['optimize', 'absent.json'],
    ['mixture', '--from', 'absent.json'],
    ['pareto', 'absent.json', '--first', 'web', '--second', 'code'],
    ['next', 'absent.jsonl'],
    ['design', 'absent.yaml'],
  ])('%s looks at the ending of -o before anything is read', async (...args) => {
    const { code, err } = await invoke(...args, '-o', 'out.txt');
    expect(code).toBe(1);
    expect(err).toContain('unknown format of out.txt');
  });

  test.each([
    ['fit', 'absent.jsonl'],
    ['compare', 'absent.jsonl'],
    ['report', 'absent.jsonl', 'absent.json'],
    ['next', 'absent.jsonl'],
  ])('%s looks at the folder of -o before anything is read', async (...args) => {
    const { code, err } = await invoke(...args, '-o', at('nowhere/out.csv'));
    expect(code).toBe(1);
    expect(err).toContain('its folder does not exist');
  });

  test('with --json an error is JSON with code, message, hint and place', async () => {
    const { err } = await invoke('fit', at('runs.jsonl'), '--law', 'bimx', '--json');
    expect(JSON.parse(err)).toEqual({
      error: { code: 'unknown-law', message: 'unknown law "bimx"', hint: 'Did you mean "bimix"?', where: {} },
    });
  });

  test('a law of other runs is refused by report', async () => {
    await writeFile(at('other.csv'), simulatedCsv(8, 0).replaceAll('web', 'forum'));
    await invoke('import', at('other.csv'), '-o', at('other.jsonl'));
    const { code, err } = await invoke('report', at('other.jsonl'), at('law.json'), '-o', at('never.html'));
    expect(code).toBe(1);
    expect(err).toContain('invalid law for these runs');
  });
});

describe('help', () => {
  const commands = [
    'import',
    'fit',
    'evaluate',
    'predict',
    'optimize',
    'path',
    'pareto',
    'report',
    'entropy',
    'mixture',
    'export',
    'presets',
  ];

  test.each(commands)('%s --help has examples and --json', async command => {
    const { code, out } = await invoke(command, '--help');
    expect(code).toBe(0);
    expect(out).toContain('Examples:');
    expect(out).toContain(`$ bimix ${command}`);
    expect(out).toContain('--json');
  });

  test('lists every command', async () => {
    const { out } = await invoke('--help');
    for (const command of commands) expect(out).toContain(`  ${command} `);
  });
});
