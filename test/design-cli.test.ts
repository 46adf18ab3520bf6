import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { invoke } from './invoke.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bimix-design-'));
  await writeFile(at('tokens.yaml'), 'web: 100B\ncode: 20B\nbooks: 1B\n');
  await writeFile(at('tokens.csv'), '# counted by hand\ndomain,tokens\nweb,100B\ncode,2e10\nbooks,1B\n');
  await writeFile(at('bounds.yaml'), 'code: [0.2, 0.5]\n');
});
afterAll(() => rm(folder, { recursive: true }));

const design = (...args: string[]) => invoke('design', at('tokens.yaml'), ...args);

describe('bimix design', () => {
  test('shows shares of tokens, and what the runs will and will not tell', async () => {
    const { code, out } = await design('--runs', '6', '--tokens', '10B', '--max-epochs', '4');
    expect(code).toBe(0);
    expect(out).toContain('6 different mixtures of 3 domains, 10B tokens each');
    expect(out).toContain('Shares of tokens');
    expect(out).toMatch(/spread-6( +\d+\.\d %){3} +0/);
    expect(out).toContain('a noise of 0.50 % of the loss a run');
    expect(out).toMatch(/books +\d.* to .*0\.20 ± 0\.\d{3} +×\/÷ [\d.]+ +\d of 2 +± \d/);
  });

  test('writes a plan that needs no other file', async () => {
    const limits = ['--tokens', '10B', '--max-epochs', '2', '--bounds', at('bounds.yaml'), '--seed', '3'];
    const { code, err } = await design('--runs', '6', ...limits, '-o', at('plan.jsonl'));
    expect(code).toBe(0);
    expect(err).toContain('6 runs, shares of tokens');
    const [header, ...runs] = (await readFile(at('plan.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(header).toMatchObject({
      ...{ kind: 'bimix-plan', schemaVersion: 1, method: 'spread', seed: 3, runs: 6 },
      trainingDomains: ['web', 'code', 'books'],
      ...{ tokens: 10e9, tokensAvailable: { web: 100e9, code: 20e9, books: 1e9 }, maxEpochs: 2 },
      bounds: { web: [0, 1], code: [0.2, 0.5], books: [0, 0.2] },
    });
    expect(runs).toHaveLength(6);
    for (const { run, method, weights, tokens, seed } of runs) {
      expect(run).toMatch(/^spread-\d$/);
      expect([method, tokens, seed]).toEqual(['spread', 10e9, 3]);
      expect(Math.round(1e6 * (weights.web + weights.code + weights.books))).toBe(1e6);
      expect(weights.code).toBeGreaterThanOrEqual(0.2 - 1e-6);
      expect(weights.books).toBeLessThanOrEqual(0.2 + 1e-6);
    }
  });

  test('writes a CSV that import joins with the losses measured later', async () => {
    expect((await design('--runs', '4', '-o', at('plan.csv'))).code).toBe(0);
    const losses = [1, 2, 3, 4].map(n => `spread-${n},10e9,2.9,1.5,3.1`);
    await writeFile(at('measured.csv'), ['run,tokens,web_loss,code_loss,books_loss', ...losses].join('\n'));
    expect((await invoke('import', at('plan.csv'), at('measured.csv'), '-o', at('runs.jsonl'))).code).toBe(0);
    expect(await readFile(at('runs.jsonl'), 'utf8')).toContain('spread-4');
  });

  test('--json is the same for the same seed, and says every coefficient', async () => {
    const once = await design('--json', '--method', 'optimal');
    expect((await design('--json', '--method', 'optimal')).out).toBe(once.out);
    const { runs, identification, mixtures } = JSON.parse(once.out);
    expect([runs.length, mixtures]).toEqual([6, 6]);
    expect(identification.noise).toBe(0.005);
    const names = identification.domains.web.coefficients.map(
      ({ coefficient }: { coefficient: string }) => coefficient,
    );
    expect(names).toEqual(['E', 'C', 'alpha', 'sigma', 'rho', 't.code', 't.books']);
  });

  test('reads the same tokens from YAML, CSV and the command line', async () => {
    const { out } = await design('--json');
    for (const domains of [at('tokens.csv'), 'web:100B,code:20B,books:1B']) {
      expect((await invoke('design', domains, '--json')).out).toBe(out);
    }
  });

  test('takes domains by name', async () => {
    const { out } = await invoke('design', '--domains', 'web,code', '--method', 'uniform');
    expect(out).toContain('50.0 %');
    expect(out).toContain('1 different mixture is few for bimix-transfer');
    expect(out).toContain('alpha of web, code will not be known');
  });

  test('runs the mixtures of an entropy file', async () => {
    await writeFile(at('web.txt'), 'the cat sat on the mat and the dog sat on the log\n'.repeat(20));
    await writeFile(at('code.txt'), 'for (let i = 0; i < n; i++) sum += values[i];\n'.repeat(20));
    await writeFile(
      at('corpus.yaml'),
      'tokenizer: bytes\ndomains:\n  web: {files: [web.txt]}\n  code: {files: [code.txt]}\n',
    );
    const counted = await invoke(
      'entropy',
      at('corpus.yaml'),
      '--workers',
      '0',
      '--work',
      at('work'),
      '-o',
      at('entropy.json'),
    );
    expect(counted.code).toBe(0);
    const { code, out } = await invoke('design', '--method', 'entropy', '--from', at('entropy.json'), '--json');
    expect(code).toBe(0);
    const { mixtures } = JSON.parse(await readFile(at('entropy.json'), 'utf8'));
    const { runs } = JSON.parse(out);
    expect(runs.map(({ run }: { run: string }) => run)).toEqual([
      'entropy-shannon',
      'entropy-joint',
      'entropy-conditional',
    ]);
    expect(runs[2].mixture.web).toBeCloseTo(mixtures.conditional.web, 9);
  });

  test('takes mixtures of your own, each as often as there are runs, with other seeds', async () => {
    await writeFile(at('optimum.json'), JSON.stringify({ web: 0.5, code: 0.25, books: 0.25 }));
    const { code } = await design(
      '--mixtures',
      `best=${at('optimum.json')},uniform,size`,
      '--runs',
      '6',
      '-o',
      at('t.jsonl'),
    );
    expect(code).toBe(0);
    const [, ...runs] = (await readFile(at('t.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(runs.map(({ run, seed }) => [run, seed])).toEqual([
      ...['best', 'uniform', 'size'].map(name => [name, 0]),
      ...['best-2', 'uniform-2', 'size-2'].map(name => [name, 1]),
    ]);
    expect(runs[3].weights).toEqual({ web: 0.5, code: 0.25, books: 0.25 });
  });

  test.each([
    [['--runs', '0'], 'invalid --runs 0'],
    [['--noise', '0'], 'invalid --noise 0'],
    [['--method', 'entropy'], 'missing entropies'],
    [['--method', 'given'], 'missing mixtures'],
    [['--method', 'spread', '--mixtures', 'uniform'], 'ambiguous method'],
    [['--mixtures', 'uniform,uniform'], 'ambiguous mixture "uniform"'],
    [['--domains', 'web,code'], 'ambiguous domains'],
    [['--max-epochs', '2'], 'missing token budget'],
    [['--max-epochs', '1', '--tokens', '1T'], 'invalid bounds'],
    [['--available', 'wiki:1B'], 'unknown domain "wiki"'],
    [['-o', 'plan.txt'], 'unknown format of plan.txt'],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await design(...args);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });

  test('names the line of a CSV whose tokens are no number, or given twice', async () => {
    await writeFile(at('bad.csv'), 'domain,tokens\nweb,100B\ncode,many\n');
    expect((await invoke('design', at('bad.csv'))).err).toMatch(/invalid tokens available of "code".*bad\.csv:3/s);
    await writeFile(at('twice.csv'), 'domain,tokens\nweb,100B\nweb,1B\n');
    expect((await invoke('design', at('twice.csv'))).err).toMatch(/ambiguous tokens available of "web".*twice\.csv:3/s);
  });

  test('says that nothing names the domains', async () => {
    expect((await invoke('design')).err).toContain('missing domains');
  });

  describe('of a bimix.yaml', () => {
    const project = (more = ''): string => `domains:
  web: {available: 100B}
  code: {available: 20B, share: [0.2, 0.5]}
  books: {available: 1B}
budget: 50B
max_epochs: 4
design: {method: leave-one-out, runs: 4, seed: 5}
trainer:
  command: train {mixture_file} {available_file} {out}
  losses: {files: losses.jsonl}
  tokens: 1B
${more}`;
    const lines = async (name: string) =>
      (await readFile(at(name), 'utf8'))
        .trim()
        .split('\n')
        .map(line => JSON.parse(line));

    test('takes domains, tokens, bounds, epochs, method and seed from it, and puts it in the plan', async () => {
      await writeFile(at('bimix.yaml'), project());
      const { code, out } = await invoke('design', at('bimix.yaml'), '-o', at('own.jsonl'));
      expect(code).toBe(0);
      expect(out).toContain('4 runs by leave-one-out');
      expect(out).toContain(`bimix run ${at('own.jsonl')}`);
      const [header, ...runs] = await lines('own.jsonl');
      expect(header).toMatchObject({
        ...{ method: 'leave-one-out', seed: 5, tokens: 1e9, maxEpochs: 4, budget: 50e9 },
        bounds: { web: [0, 1], code: [0.2, 0.5], books: [0, 0.08] },
        project: { folder: '.', trainer: { kind: 'command', tokens: 1e9 }, executor: { on: 'local' } },
      });
      expect(runs).toHaveLength(4);
      expect(runs.every(run => run.tokens === 1e9 && run.seed >= 5 && run.tokensAvailable === undefined)).toBe(true);
    });

    test('can be overruled by options', async () => {
      await writeFile(at('bimix.yaml'), project());
      const options = ['--method', 'spread', '--runs', '3', '--seed', '1', '--tokens', '2B', '--budget', '10B'];
      expect((await invoke('design', at('bimix.yaml'), ...options, '-o', at('own.jsonl'))).code).toBe(0);
      const [header, ...runs] = await lines('own.jsonl');
      expect(header).toMatchObject({
        method: 'spread',
        seed: 1,
        tokens: 2e9,
        budget: 10e9,
        bounds: { books: [0, 0.4] },
      });
      expect(runs).toHaveLength(3);
    });

    test('--repetition-matched gives each run the part of the tokens that it trains on', async () => {
      await writeFile(at('bimix.yaml'), project());
      const { out } = await invoke('design', at('bimix.yaml'), '--repetition-matched', '-o', at('own.jsonl'));
      expect(out).toContain('1B of 50B tokens');
      const [, run] = await lines('own.jsonl');
      expect(run.tokensAvailable).toEqual({ web: 2e9, code: 0.4e9, books: 0.02e9 });
    });

    test.each([
      ['{available_file} ', '', 'missing {available_file} in the command'],
      [
        'budget: 50B\nmax_epochs: 4\n',
        '',
        'missing budget: matching repetition needs the tokens of the training that the mixture is for',
      ],
      ['books: {available: 1B}', 'books:', 'missing tokens available of "books"'],
    ])('cannot match repetition without %j', async (without, instead, message) => {
      await writeFile(at('bimix.yaml'), project().replace(without, instead));
      const { code, err } = await invoke('design', at('bimix.yaml'), '--repetition-matched');
      expect([code, err]).toEqual([1, expect.stringContaining(message)]);
    });

    test('with a misspelt "domains" is no list of tokens', async () => {
      await writeFile(at('bimix.yaml'), 'domain: {web: web/*.jsonl, code: code/*.jsonl}\n');
      expect((await invoke('design', at('bimix.yaml'))).err).toContain('Did you mean "domains"?');
    });

    test('whose text is not there is refused', async () => {
      await writeFile(at('bimix.yaml'), 'domains: {web: web/*.jsonl, code: code/*.jsonl}\n');
      const { err } = await invoke('design', at('bimix.yaml'));
      expect(err).toContain('missing files: nothing matches "web/*.jsonl"');
      expect(err).toContain('for domain "web"');
    });
  });
});
