/** `bimix init`: a new bimix.yaml. */

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Command, Option } from '@commander-js/extra-typings';
import { BimixError } from '../errors/index.ts';
import { makeFolder, writeWholeFile } from '../files/index.ts';
import { parseQuantity } from '../mixture/index.ts';
import {
  findDomains,
  MODEL_SIZES,
  type ProjectTemplate,
  projectTemplate,
  sampleGroups,
  type TemplateDomain,
  writeSampleCorpora,
} from '../proxies/index.ts';
import { printJson, printText, sayWritten } from './print.ts';
import { startLine } from './progress-line.ts';
import { PROJECT_FILE } from './project-argument.ts';

/** Beside the project. */
const CORPORA = 'corpora';
/** Where a new project has its runs, beside it. */
const RUNS_FOLDER = 'runs';

export function addInit(program: Command): void {
  const groups = sampleGroups();
  program
    .command('init')
    .summary('write a first bimix.yaml')
    .description(
      'Writes a bimix.yaml: domains and their text, the training that the mixture is for, how proxy runs are trained and where. Settings it cannot know are written as comments.',
    )
    .argument('[folder]', 'where to write it; its subfolders, or text files, become the domains', '.')
    .option(
      '--domains <list>',
      'domains to write instead, web=data/web,code=data/*.jsonl; names alone for a trainer of your own',
    )
    .option(
      '--sample [group]',
      `sample text for domains, written to ${CORPORA}/: ${groups.map(({ name, title }) => `${name} (${title})`).join(', ')}`,
    )
    .addOption(
      new Option('--trainer <kind>', 'embedded: bimix trains the runs itself; command: a program of your own does')
        .choices(['embedded', 'command'] as const)
        .default('embedded' as const),
    )
    .addOption(new Option('--model <size>', 'embedded: size of the model').choices(MODEL_SIZES))
    .option('--tokens <count>', 'embedded: training tokens of each run')
    .option('--evaluations <number>', 'embedded: validation losses along a run')
    .option('--validation-tokens <count>', 'embedded: largest number of validation tokens of each domain')
    .option('--force', 'overwrite an existing bimix.yaml')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix init
  $ bimix init --domains web=data/web,code=data/code.jsonl.gz
  $ bimix init --sample
  $ bimix init --domains web,code,books --trainer command`,
    )
    .action(async (folder, options) => {
      const file = path.join(folder, PROJECT_FILE);
      if (existsSync(file) && options.force !== true) {
        throw new BimixError('invalid-output', `invalid output file ${file}: it already exists`, {
          hint: 'Edit it, or overwrite it with --force.',
          where: { file },
        });
      }
      const domains = await domainsOf(folder, options);
      await makeFolder(folder);
      await writeWholeFile(
        file,
        projectTemplate({ domains, trainer: options.trainer, settings: embeddedSettings(options) }),
      );
      sayWritten(file, `${domains.length} domains: ${domains.map(({ name }) => name).join(', ')}`);
      if (options.json) printJson({ project: file, domains, trainer: options.trainer });
      else printText(nextSteps(file, options.trainer));
    });
}

/** @throws BimixError `invalid-quantity`, `ambiguous-trainer` when a program of one's own is to train */
function embeddedSettings(options: {
  readonly trainer: 'embedded' | 'command';
  readonly model?: string | undefined;
  readonly tokens?: string | undefined;
  readonly evaluations?: string | undefined;
  readonly validationTokens?: string | undefined;
}): NonNullable<ProjectTemplate['settings']> {
  const { trainer, model, tokens, evaluations, validationTokens } = options;
  const settings = {
    ...(model === undefined ? {} : { model }),
    ...(tokens === undefined ? {} : { tokens: parseQuantity(tokens, 'number of tokens') }),
    ...(evaluations === undefined ? {} : { evaluations: parseQuantity(evaluations, 'number of evaluations') }),
    ...(validationTokens === undefined
      ? {}
      : { validationTokens: parseQuantity(validationTokens, 'validation tokens') }),
  };
  const [first] = Object.keys(settings);
  if (trainer === 'embedded' || first === undefined) return settings;
  throw new BimixError('ambiguous-trainer', `ambiguous trainer: ${first} is a setting of the embedded one`, {
    hint: 'Write it into bimix.yaml, or leave --trainer command out.',
  });
}

interface InitTexts {
  readonly domains?: string | undefined;
  readonly sample?: string | true | undefined;
  readonly trainer: 'embedded' | 'command';
}

async function domainsOf(folder: string, { domains, sample, trainer }: InitTexts): Promise<readonly TemplateDomain[]> {
  if (domains !== undefined && sample !== undefined) {
    throw new BimixError('ambiguous-domains', 'ambiguous domains: --domains and --sample both give them', {
      hint: 'Leave one of them out.',
    });
  }
  if (domains !== undefined) return namedDomains(domains, folder, trainer);
  if (sample !== undefined) return sampleDomains(folder, sample === true ? sampleGroups()[0].name : sample);
  return findDomains(folder);
}

/** @throws BimixError `missing-domains`, `ambiguous-domain`, `missing-path` */
function namedDomains(text: string, folder: string, trainer: InitTexts['trainer']): readonly TemplateDomain[] {
  const domains = text.split(',').map(entry => {
    const [name, ...rest] = entry.split('=');
    const named = rest.join('=').trim();
    if (named === '' && trainer === 'embedded') {
      throw new BimixError('missing-path', `missing path of domain "${name.trim()}"`, {
        hint: `Write --domains ${name.trim()}=PATH, or pass --trainer command for a program that finds its data itself.`,
      });
    }
    return { name: name.trim(), files: named === '' ? [] : [patternOf(named, folder)] };
  });
  const names = domains.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new BimixError('ambiguous-domain', `ambiguous domain "${twice}": it is named twice`);
  if (domains.length >= 2 && names.every(name => name !== '')) return domains;
  throw new BimixError('missing-domains', `missing domains in --domains ${text}: a mixture needs two`, {
    hint: 'Write --domains web=data/web,code=data/code.jsonl.',
  });
}

/** As it stands in the project: relative to it; a folder stands for all that is in it. */
function patternOf(text: string, folder: string): string {
  const isFolder = statSync(text, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const relative = path.isAbsolute(text) ? text : path.relative(folder, text);
  const pattern = relative.replaceAll('\\', '/');
  return isFolder ? `${pattern}/**` : pattern;
}

async function sampleDomains(folder: string, group: string): Promise<readonly TemplateDomain[]> {
  const line = startLine('sample text');
  const count = sampleGroups().find(({ name }) => name === group)?.domains.length ?? 0;
  let written = 0;
  try {
    const { domains } = await writeSampleCorpora(path.join(folder, CORPORA), group, {
      onDomain: ({ name }) => line.show(`sample text: ${++written} of ${count} domains, ${name}`),
    });
    const relative = (file: string) => path.relative(folder, file).replaceAll('\\', '/');
    return domains.map(({ name, train, validation, bytes }) => {
      return { name, train: train.map(relative), validation: validation.map(relative), available: bytes.train };
    });
  } finally {
    line.end();
  }
}

/** Commands that work as they are printed, from the folder that `init` was called in. */
function nextSteps(file: string, trainer: InitTexts['trainer']): string {
  const first =
    trainer === 'command'
      ? `Write into ${file} how your trainer is started and where its losses are, then:`
      : `Look through ${file}, then:`;
  const beside = (name: string): string => shellWord(path.join(path.dirname(file), name));
  const isHere = file === PROJECT_FILE;
  const steps = [
    [`bimix design${isHere ? '' : ` ${shellWord(file)}`} -o ${beside('plan.jsonl')}`, 'chooses the mixtures to try'],
    [`bimix run ${beside('plan.jsonl')}`, 'trains them; the same command resumes after Ctrl-C'],
    [`bimix collect${isHere ? '' : ` ${beside(RUNS_FOLDER)}`} -o ${beside('runs.jsonl')}`, 'gathers their losses'],
    [`bimix fit ${beside('runs.jsonl')} -o ${beside('law.json')}`, 'fits a law to them'],
  ];
  const width = Math.max(...steps.map(([command]) => command.length));
  return [first, ...steps.map(([command, what]) => `  ${command.padEnd(width)}   ${what}`)].join('\n');
}

/** A path as a shell takes it for one word. */
function shellWord(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
