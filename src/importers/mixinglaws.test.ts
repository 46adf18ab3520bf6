import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported, type Refusal } from '../../test/importing.ts';
import { mixinglaws } from './mixinglaws.ts';
import { MIXINGLAWS_PRESETS, PILE_VALIDATION_WEIGHTS } from './mixinglaws-presets.ts';

const line = (folder: string, step: string | number, subDomain: string, loss: string | number) =>
  `/mnt/ckpts/set//${folder}/${step}\t/mnt/valid//pile.valid.${subDomain}.bin\t${loss}`;

/** Two runs of three domains that no preset knows. */
const LOG = [
  line('70M_1-0.5-0.25-0.25', 2000, 'ArXiv', 3.1),
  line('70M_1-0.5-0.25-0.25', 2000, 'Github', 2.2),
  line('70M_1-0.5-0.25-0.25', 1000, 'Github', 2.4),
  line('70M_1-0.5-0.25-0.25', 1000, 'ArXiv', 3.3),
  line('70M_2-0-0.25-0.75', 1000, 'ArXiv', 3.0),
  line('70M_2-0-0.25-0.75', 1000, 'Github', 2.5),
];
const domains = ['arxiv', 'web', 'github'];
type Content = readonly string[] | string | Uint8Array;
const log = (content: Content = LOG) => [fileOf('set/70M.txt', content)];

const SUB_DOMAINS = Object.keys(PILE_VALIDATION_WEIGHTS);
const FIVE = '0.5-0.125-0-0.125-0.25';
/** All sub-domains of one checkpoint; the loss of the n-th is n + 1. */
const fiveMix = (step = 1000) => SUB_DOMAINS.map((name, n) => line(`160M_7-${FIVE}`, step, name, n + 1));
const SEVEN = '0.25-0.125-0.125-0.125-0.125-0.125-0.125';

describe('the mixinglaws importer', () => {
  test('recognizes logs, with weights and lists of mixtures beside them', () => {
    const plan = fileOf('proportions.txt', ['0.5-0.25-0.25', '0-0.25-0.75']);
    const weights = fileOf('valid_weight.json', '{"ArXiv": 0.5, "Github": 0.5}');
    expect(mixinglaws.detect(log())).toMatchObject({ confidence: 'certain' });
    expect(mixinglaws.detect([plan, ...log(), weights])).toMatchObject({ confidence: 'certain' });
    expect(mixinglaws.detect([fileOf('70M.txt.gz', gzipSync(LOG.join('\n')))])).toMatchObject({
      confidence: 'certain',
    });
    for (const other of [
      [plan],
      [weights],
      [],
      log('a,b\n1,2\n'),
      log(new Uint8Array([0, 9])),
      log(`/${'-'.repeat(60_000)}`),
      log('a b c'),
      [...log(), fileOf('x', 'x')],
    ]) {
      expect(mixinglaws.detect(other)).toBe(false);
    }
  });

  test('reads run, size, shares, step and sub-domain from the paths', async () => {
    const { table } = await imported(mixinglaws, log(), { domains });
    expect(table.runs).toEqual([
      { name: '1', size: 70e6 },
      { name: '2', size: 70e6 },
    ]);
    expect(table.trainingDomains).toEqual(domains);
    expect(Array.from(table.mixtures)).toEqual([0.5, 0.25, 0.25, 0, 0.25, 0.75]);
    expect(table.volumeUnit).toBe('steps');
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000, 1000]);
    expect(table.evaluationDomains).toEqual(['ArXiv', 'Github']);
    expect(Array.from(table.losses)).toEqual([3.3, 2.4, 3.1, 2.2, 3.0, 2.5]);
    expect(Array.from(table.ownDomain)).toEqual([0, 2]);
  });

  test('reads the lines in any order', async () => {
    const reference = (await imported(mixinglaws, log(), { domains })).table;
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(LOG, { minLength: LOG.length }), async lines => {
        expect((await imported(mixinglaws, log(lines), { domains })).table).toEqual(reference);
      }),
      { seed: 4, numRuns: 24 },
    );
  });

  test('keeps sizes apart, and takes several files, plain or gzip', async () => {
    const other = LOG.map(text => text.replace('70M_', '1.4B_'));
    const files = [...log(), fileOf('1.4B.txt.gz', gzipSync(other.join('\n')))];
    const { table } = await imported(mixinglaws, files, { domains });
    expect(table.runs.map(({ name, size }) => `${name} ${size}`)).toEqual([
      '1 70000000',
      '1 1400000000',
      '2 70000000',
      '2 1400000000',
    ]);
  });

  test('reads a run without a size, a share with an exponent and a trailing slash', async () => {
    const { table } = await imported(mixinglaws, log([line('base-1e-05-0.49999-0.5', '10/', 'ArXiv', 3)]), { domains });
    expect(table.runs).toEqual([{ name: 'base' }]);
    expect(Array.from(table.mixtures)).toEqual([1e-5, 0.49999, 0.5]);
  });

  test('skips checkpoints that are called by a word and counts them', async () => {
    const last = [line('70M_2-0-0.25-0.75', 'last', 'ArXiv', 1), line('70M_2-0-0.25-0.75', 'last', 'Github', 1)];
    const { table, findings } = await imported(mixinglaws, log([...LOG, ...last]), { domains });
    expect(table).toEqual((await imported(mixinglaws, log(), { domains })).table);
    expect(findings.find(({ code }) => code === 'unnumbered-checkpoint')).toMatchObject({
      kind: 'repair',
      count: 1,
      items: ['2 (70M) at step last: 2 lines'],
    });
  });

  test('keeps the last of lines for the same run, step and sub-domain, and counts them', async () => {
    const more = [LOG[0], line('70M_2-0-0.25-0.75', 1000, 'ArXiv', 2.9)];
    const { table, findings } = await imported(mixinglaws, log([...LOG, ...more]), { domains });
    expect(Array.from(table.losses)).toEqual([3.3, 2.4, 3.1, 2.2, 2.9, 2.5]);
    expect(findings.find(({ code }) => code === 'duplicate-lines')).toMatchObject({
      kind: 'repair',
      count: 2,
      items: [
        '1 (70M) at step 2000, ArXiv (set/70M.txt:7): the same loss',
        '2 (70M) at step 1000, ArXiv (set/70M.txt:8): 3 replaced by 2.9',
      ],
    });
  });

  test('reads NaN as a missing loss', async () => {
    const { table } = await imported(mixinglaws, log([...LOG, line('70M_1-0.5-0.25-0.25', 3000, 'ArXiv', 'nan')]), {
      domains,
    });
    expect(table.losses.length).toBe(6);
    expect(
      (await imported(mixinglaws, log([LOG[0], LOG[1].replace('2.2', 'NaN')]), { domains })).table.losses[1],
    ).toBeNaN();
  });

  test('reads a byte order mark, CRLF and empty lines as if they were not there', async () => {
    const { table } = await imported(mixinglaws, log(`\uFEFF${LOG.join('\r\n\r\n')}\r\n`), { domains });
    expect(table).toEqual((await imported(mixinglaws, log(), { domains })).table);
  });

  test('says that it left a list of mixtures unread', async () => {
    const { findings } = await imported(mixinglaws, [...log(), fileOf('proportions.txt', '0.5-0.25-0.25')], {
      domains,
    });
    expect(countOf(findings, 'unread-file')).toBe(1);
  });
});

describe('the order of the domains', () => {
  test('is that of 5Mix for numbered runs with five shares', async () => {
    const { table, findings } = await imported(mixinglaws, log(fiveMix()));
    expect(table.trainingDomains).toEqual(['academic', 'prose', 'dialogue', 'symbolic', 'internet']);
    expect(table.evaluationDomains).toEqual(table.trainingDomains);
    expect(findings.find(({ code }) => code === 'domain-order')?.message).toMatch(/preset "5mix", recognized/);
  });

  test('is that of RedPajama for runs called RP_* with seven shares', async () => {
    const lines = SUB_DOMAINS.map((name, n) => line(`70M_RP_17-${SEVEN}`, 10000, name, n + 1));
    const { table } = await imported(mixinglaws, log(lines));
    expect(table.runs).toEqual([{ name: 'RP_17', size: 70e6 }]);
    expect(table.trainingDomains).toEqual(['cc', 'c4', 'github', 'arxiv', 'books', 'se', 'wiki']);
    expect(table.evaluationDomains.slice(0, 7)).toEqual([
      'cc',
      'github',
      'arxiv',
      'books',
      'se',
      'wiki',
      'BookCorpus2',
    ]);
    expect(Array.from(table.ownDomain.slice(0, 7))).toEqual([0, 2, 3, 4, 5, 6, -1]);
    expect(table.losses[0]).toBe(SUB_DOMAINS.indexOf('Pile-CC') + 1);
  });

  test('can be asked for by the name of a preset, whatever the runs are called', async () => {
    const lines = fiveMix().map(text => text.replace('160M_7', '160M_trial'));
    await expectRefusal(mixinglaws, log(lines), { code: 'missing-domains', message: /5 shares/ });
    const { table } = await imported(mixinglaws, log(lines), { domains: ['5Mix'] });
    expect(table.evaluationDomains).toEqual(['academic', 'prose', 'dialogue', 'symbolic', 'internet']);
  });

  test('as listed by the user keeps the sub-domains, mapped by name', async () => {
    const { table } = await imported(mixinglaws, log(fiveMix()), {
      domains: ['arxiv', 'books', 'chat', 'github', 'web'],
    });
    expect(table.evaluationDomains).toEqual([...SUB_DOMAINS].sort());
    expect(table.ownDomain[table.evaluationDomains.indexOf('Github')]).toBe(3);
  });
});

describe('merged sub-domains', () => {
  // python3: w = json.load(open("valid_weight.json")); loss: 1 for the first of `PILE_VALIDATION_WEIGHTS`, 2 for the second, ...;
  //          [sum(w[d] * loss[d] for d in group) / sum(w[d] for d in group) for group in groups]
  const EXPECTED: Record<string, number> = {
    academic: 5.597961494903738,
    prose: 4.116751269035532,
    dialogue: 15.769230769230766,
    symbolic: 6.293729372937293,
    internet: 4.184807256235828,
  };

  test('are sum(weight x loss) / sum(weight) with the published weights', async () => {
    const { table } = await imported(mixinglaws, log(fiveMix()));
    for (const [index, [, members]] of Object.entries(MIXINGLAWS_PRESETS[0].groups).entries()) {
      expect(members.length).toBeGreaterThan(1);
      expect(table.losses[index]).toBeCloseTo(EXPECTED[table.evaluationDomains[index]], 12);
    }
  });

  test('take the weights of a file among the inputs', async () => {
    const equal = fileOf('valid_weight.json', JSON.stringify(Object.fromEntries(SUB_DOMAINS.map(name => [name, 0.5]))));
    const { table } = await imported(mixinglaws, [...log(fiveMix()), equal]);
    const mean = (SUB_DOMAINS.indexOf('DM_Mathematics') + SUB_DOMAINS.indexOf('Github')) / 2 + 1;
    expect(table.losses[table.evaluationDomains.indexOf('symbolic')]).toBeCloseTo(mean, 14);
  });

  test('lie between the smallest and the largest loss of their members', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0.5, max: 9, noNaN: true }), { minLength: 22, maxLength: 22 }),
        async losses => {
          const { table } = await imported(
            mixinglaws,
            log(SUB_DOMAINS.map((name, n) => line(`7-${FIVE}`, 1, name, losses[n]))),
          );
          Object.values(MIXINGLAWS_PRESETS[0].groups).forEach((members, i) => {
            const own = members.map(member => losses[SUB_DOMAINS.indexOf(member)]);
            expect(table.losses[i]).toBeGreaterThanOrEqual(Math.min(...own) - 1e-12);
            expect(table.losses[i]).toBeLessThanOrEqual(Math.max(...own) + 1e-12);
          });
        },
      ),
      { seed: 5, numRuns: 50 },
    );
  });

  test('are missing, and listed, where a member is missing', async () => {
    const partial = fiveMix(2000).filter(text => !text.includes('.Github.'));
    const { table, findings } = await imported(mixinglaws, log([...fiveMix(), ...partial]));
    expect(table.losses[5 + 3]).toBeNaN();
    expect(table.losses.filter(Number.isNaN)).toHaveLength(1);
    expect(findings.find(({ code }) => code === 'incomplete-group')?.items).toEqual([
      '7 (160M) at step 2000: symbolic has 1 of 2',
    ]);
  });

  test('have published weights for all members, which sum to one', () => {
    const members = Object.values(MIXINGLAWS_PRESETS[0].groups).flat();
    expect([...members].sort()).toEqual([...SUB_DOMAINS].sort());
    expect(Object.values(PILE_VALIDATION_WEIGHTS).reduce((a, b) => a + b)).toBe(2592);
  });
});

const BROKEN: Record<string, Refusal & { file: Content; asked?: readonly string[] }> = {
  'an empty file': { file: '', code: 'missing-losses', message: /no line in set\/70M.txt/ },
  'a line of two fields': {
    file: [...LOG, LOG[0].replace(/\t[^\t]*$/, '')],
    code: 'invalid-line',
    message: /expected 3 fields, found 2/,
    where: { file: 'set/70M.txt', line: 7, column: 1 },
  },
  'a file cut in a path': {
    file: `${LOG.join('\n')}\n/mnt/ckpts/set//70M_2-0-0.2`,
    code: 'invalid-line',
    message: /found 1/,
    where: { line: 7 },
  },
  'a header': { file: ['path,domain,loss', ...LOG], code: 'invalid-line', message: /found 1/, where: { line: 1 } },
  'text in a loss': {
    file: [...LOG, line('70M_2-0-0.25-0.75', 2000, 'ArXiv', '3.x')],
    code: 'invalid-loss',
    message: /"3.x"/,
    where: { line: 7, column: 73 },
  },
  'a negative loss': {
    file: [...LOG, line('70M_2-0-0.25-0.75', 2000, 'ArXiv', '-3')],
    code: 'invalid-loss',
    message: /"-3": expected a number above 0/,
    where: { line: 7 },
  },
  'an infinite loss': {
    file: [...LOG, line('70M_2-0-0.25-0.75', 2000, 'ArXiv', 'inf')],
    code: 'invalid-loss',
    message: /"inf"/,
    where: { line: 7 },
  },
  'a validation file without a sub-domain': {
    file: [...LOG, LOG[0].replace('.valid.ArXiv.bin', '.bin')],
    code: 'invalid-sub-domain',
    message: /"\/mnt\/valid\/\/pile.bin"/,
    where: { line: 7, column: 42 },
  },
  'a run folder without shares': {
    file: [...LOG, line('70M_2', 2000, 'ArXiv', 3)],
    code: 'invalid-run-folder',
    message: /"70M_2": expected \[size_\]run-share-share/,
    where: { line: 7, column: 1 },
  },
  'a share that is not a number': {
    file: [...LOG, line('70M_2-0-a-0.75', 2000, 'ArXiv', 3)],
    code: 'invalid-run-folder',
    message: /"70M_2-0-a-0.75"/,
    where: { line: 7 },
  },
  'a path without a step': { file: [...LOG, '2000 x.valid.A.bin 3'], code: 'invalid-run-folder', message: /"2000"/ },
  'a path of slashes': { file: [...LOG, '/// x.valid.A.bin 3'], code: 'invalid-run-folder', message: /""/ },
  'runs with different numbers of shares': {
    file: [...LOG, line(`70M_7-${FIVE}`, 2000, 'ArXiv', 3)],
    code: 'invalid-run-folder',
    message: /run "7": 5 shares, the first run has 3/,
    where: { line: 7 },
  },
  'a run with two mixtures': {
    file: [...LOG, line('70M_2-0.25-0-0.75', 2000, 'ArXiv', 3)],
    code: 'ambiguous-mixture',
    message: /run "2".*"arxiv" is 0.25 here and 0 at set\/70M.txt:5/,
    where: { line: 7 },
  },
  'shares that sum to 0.9': {
    file: [line('70M_2-0-0.15-0.75', 2000, 'ArXiv', 3)],
    code: 'invalid-mixture',
    message: /"2": proportions sum to 0.9/,
    where: { line: 1 },
  },
  'shares that sum to 1.3': {
    file: [line('70M_2-0-0.55-0.75', 2000, 'ArXiv', 3)],
    code: 'invalid-mixture',
    message: /sum to 1.3/,
    where: { line: 1 },
  },
  'only checkpoints called by a word': {
    file: LOG.map(text => text.replace(/\/\d+\t/, '/last\t')),
    code: 'missing-steps',
    message: /no checkpoint is called by a number/,
    where: { line: 1 },
  },
  'fewer names of domains than shares': {
    file: LOG,
    asked: ['a', 'b'],
    code: 'invalid-domains',
    message: /2 names \(a, b\) for runs with 3 shares/,
  },
  'a preset that does not exist': { file: LOG, asked: ['5mx'], code: 'unknown-preset', message: /"5mx"/ },
  'a preset with other shares': { file: LOG, asked: ['5mix'], code: 'invalid-domains', message: /5 names/ },
  'the same name for two domains': { file: LOG, asked: ['a', 'b', 'a'], code: 'invalid-domain', message: /"a"/ },
  'a huge line': {
    file: [...LOG, 'x'.repeat(2_000_000)],
    code: 'invalid-text',
    message: /line 7 has 2000000 characters/,
    where: { line: 7 },
  },
  'binary data': {
    file: Buffer.from(`${LOG.join('\n')}\0\u0001`),
    code: 'invalid-text',
    message: /binary/,
    where: { byte: LOG.join('\n').length },
  },
};

describe('the mixinglaws importer refuses', () => {
  test.for(Object.entries(BROKEN))('%s', async ([, { file, asked, ...refusal }]) => {
    await expectRefusal(mixinglaws, log(file), refusal, { domains: asked ?? domains });
  });

  test('a log of unknown domains, naming the option', async () => {
    const refused = imported(mixinglaws, log());
    await expect(refused).rejects.toMatchObject({
      code: 'missing-domains',
      message: 'missing domains: runs have 3 shares and the log does not name them',
      hint: 'Pass --domains with 3 names in the order of the shares, or a preset: 5mix, redpajama.',
    });
  });

  test('sub-domains of 5Mix that are not of the Pile, unless asked', async () => {
    const lines = [...fiveMix(), line(`160M_7-${FIVE}`, 1000, 'C4', 3)];
    await expectRefusal(mixinglaws, log(lines), { code: 'missing-domains', message: /5 shares/ });
    const { table } = await imported(mixinglaws, log(lines), { domains: ['5mix'] });
    expect(table.evaluationDomains.at(-1)).toBe('C4');
  });

  test.for([
    ['not JSON', '{"ArXiv": 0.5,', 'invalid-weights', /^invalid weights: it is not JSON, it ends too early/],
    ['JSON lines', '{"ArXiv": 1}\n{"ArXiv": 1}', 'invalid-weights', /it is not JSON, unexpected/],
    ['text for a weight', '{"ArXiv": "half"}', 'invalid-weights', /"ArXiv" is "half"/],
    ['a weight beyond all numbers', '{"ArXiv": 1e999}', 'invalid-weights', /"ArXiv" is Infinity/],
    ['a weight of 0', '{"ArXiv": 0}', 'invalid-weights', /"ArXiv" is 0/],
    ['a weight too few', '{"ArXiv": 1}', 'missing-weight', /"PubMed_Abstracts", one of the sub-domains of "academic"/],
  ] as const)('a weight file with %s', async ([, content, code, message]) => {
    const files = [...log(fiveMix()), fileOf('valid_weight.json', content)];
    await expectRefusal(mixinglaws, files, { code, message });
  });
});

test('no loss field makes anything but numbers or a BimixError', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 12 }), async cell => {
      const outcome = await Promise.resolve()
        .then(() => imported(mixinglaws, log([...LOG, `${LOG[0].replace(/3\.1$/, cell)}`]), { domains }))
        .catch((error: Error) => error);
      if (outcome instanceof Error) expect(outcome.name).toBe('BimixError');
      else expect(outcome.table.losses.every(loss => loss > 0 || Number.isNaN(loss))).toBe(true);
    }),
    { seed: 6, numRuns: 300 },
  );
});
