import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readProject } from '../src/proxies/index.ts';
import { invoke } from './invoke.ts';
import { wordDocuments, writeDocuments } from './proxy-text.ts';

const base = mkdtempSync(path.join(tmpdir(), 'bimix-init-'));
const at = (...parts: string[]) => path.join(base, ...parts);
beforeAll(() => {
  for (const domain of ['web', 'code']) {
    mkdirSync(at('data', domain), { recursive: true });
    writeFileSync(at('data', domain, '1.txt'), `text of ${domain}`);
  }
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('bimix init', () => {
  test('makes domains of the subfolders, and says what comes next', async () => {
    const { code, out, err } = await invoke('init', at('data'));
    expect([code, err]).toEqual([0, expect.stringContaining('2 domains: code, web')]);
    expect(out).toContain(`bimix design ${at('data', 'bimix.yaml')} -o ${at('data', 'plan.jsonl')}`);
    const { domains, trainer } = await readProject(at('data', 'bimix.yaml'));
    expect(domains.map(({ name, files }) => [name, files])).toEqual([
      ['code', ['code/**']],
      ['web', ['web/**']],
    ]);
    expect(trainer.kind).toBe('embedded');
  });

  test('prints commands that work when they are pasted', { timeout: 300_000 }, async () => {
    for (const kind of ['prose', 'code'])
      writeDocuments(at('my text', `${kind}.jsonl`), wordDocuments(kind, 300, 60, 1));
    const tiny = ['--model', '0.06M', '--tokens', '20K', '--evaluations', '2', '--validation-tokens', '2K'];
    const { out } = await invoke('init', at('my text'), ...tiny);
    const commands = out.split('\n').flatMap(line => /^ {2}bimix (.*?) {3}/.exec(line)?.[1].trim() ?? []);
    expect(commands.map(command => command.split(' ')[0])).toEqual(['design', 'run', 'collect', 'fit']);
    for (const command of commands) {
      // As a shell splits them: the folder has a blank in its name.
      const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
      const { code, err } = await invoke(...words);
      expect([command, code], err).toEqual([command, 0]);
    }
    expect(readFileSync(at('my text', 'law.json'), 'utf8')).toContain('"law": "bimix-transfer"');
  });

  test('takes named domains: relative paths become relative to the project, folders stand for all in them', async () => {
    const domains = `w=${path.relative('.', at('data', 'web'))},c=${at('data', 'code', '1.txt')}`;
    expect((await invoke('init', at('named'), '--domains', domains)).code).toBe(0);
    const project = await readProject(at('named', 'bimix.yaml'));
    expect(project.domains.map(({ files }) => files)).toEqual([['../data/web/**'], [at('data', 'code', '1.txt')]]);
  });

  test('never writes over a project, unless it is forced to', async () => {
    writeFileSync(at('named', 'bimix.yaml'), 'mine');
    const again = ['init', at('named'), '--domains', 'a,b', '--trainer', 'command'];
    expect((await invoke(...again)).err).toContain('it already exists');
    expect(readFileSync(at('named', 'bimix.yaml'), 'utf8')).toBe('mine');
    const { code, out } = await invoke(...again, '--force', '--json');
    expect([code, JSON.parse(out).domains]).toEqual([
      0,
      [
        { name: 'a', files: [] },
        { name: 'b', files: [] },
      ],
    ]);
  });

  test.each([
    [['--domains', 'web,code'], 'missing path of domain "web"'],
    [['--domains', 'web=a'], 'missing domains in --domains web=a: a mixture needs two'],
    [['--domains', 'web=a,web=b'], 'ambiguous domain "web"'],
    [['--domains', 'web=a,code=b', '--sample'], 'ambiguous domains: --domains and --sample both give them'],
    [[], 'missing domains: there is no text in'],
    [['--sample', 'nonsense'], 'unknown group of sample corpora'],
  ])('%j is refused', async (options, message) => {
    mkdirSync(at('empty'), { recursive: true });
    const { code, err } = await invoke('init', at('empty'), ...options);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });
});
