/** `bimix.yaml`: domains, the training the mixture is for, how proxy runs are trained, and where. */

import path from 'node:path';
import { readerNames } from '../corpus/index.ts';
import { DESIGN_METHODS } from '../design/index.ts';
import { BimixError, didYouMean } from '../errors/index.ts';
import { readConfigFile } from '../files/index.ts';
import type { ExecutorSettings, Project, ProjectDomain } from './project.ts';
import { readTrainer } from './project-trainer.ts';
import { SettingsSection } from './settings-section.ts';

const KEYS = ['domains', 'budget', 'max_epochs', 'objective', 'design', 'trainer', 'executor', 'runs'];
const DOMAIN_KEYS = ['files', 'train', 'validation', 'text', 'format', 'available', 'share'];
const DESIGN_KEYS = ['method', 'runs', 'seed', 'repetition_matched'];
const EXECUTOR_KEYS = [...['on', 'parallel', 'threads', 'attempts', 'partition', 'account', 'qos', 'options']] as const;
const SLURM_KEYS = ['partition', 'account', 'qos', 'options'] as const;

const EXAMPLE = 'For example:\ndomains:\n  web: web/*.jsonl\n  code: code/*.jsonl';
/** Where runs lie unless the project says otherwise, beside its file. */
const DEFAULT_RUNS_FOLDER = 'runs';

/**
 * Reads a project:
 *
 * ```yaml
 * domains:
 *   web: web/*.jsonl
 *   code: {files: code/*.jsonl, available: 12B, share: [0.05, 0.5]}
 * budget: 100B
 * ```
 *
 * @throws BimixError `invalid-project`, `unknown-key`, `missing-key`, `invalid-quantity` and others with line and column, and as
 * `readConfigFile`
 */
export async function readProject(file: string): Promise<Project> {
  const config = await readConfigFile(file);
  const top = new SettingsSection(path.basename(file), config.value, KEYS, config.place);
  const trainer = readTrainer(top);
  const domains = readDomains(top);
  if (trainer.kind === 'embedded') requireText(domains, top);
  const design = top.section('design', DESIGN_KEYS);
  const budget = top.count('budget', 'budget in tokens') ?? null;
  const repetitionMatched = design?.flag('repetition_matched') ?? false;
  if (repetitionMatched) requireTokens(domains, budget, design?.place('repetition_matched') ?? top.place());
  return {
    folder: path.resolve(path.dirname(file)),
    domains,
    budget,
    maxEpochs: readEpochs(top, domains, budget),
    objective: readObjective(top, trainer.kind === 'embedded' ? domains : null),
    design: {
      method:
        design?.choice(
          'method',
          DESIGN_METHODS.map(({ name }) => name),
        ) ?? 'spread',
      runs: design?.whole('runs') ?? null,
      seed: design?.whole('seed', {}) ?? 0,
      repetitionMatched,
    },
    trainer,
    executor: readExecutor(top),
    runs: top.text('runs') ?? DEFAULT_RUNS_FOLDER,
  };
}

function readDomains(top: SettingsSection): ProjectDomain[] {
  const { domains } = top.values;
  if (Array.isArray(domains)) {
    const names = top.texts('domains') ?? [];
    const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
    if (twice < 0) return names.map(name => readDomain(name, null, top));
    throw new BimixError('ambiguous-domain', `ambiguous domain "${names[twice]}": it is named twice`, {
      hint: 'Give each domain a name of its own.',
      where: top.place('domains', twice),
    });
  }
  const section = top.section('domains');
  const names = Object.keys(section?.values ?? {});
  if (section === undefined || names.length < 2) {
    const count = names.length === 0 ? 'there are none' : 'there is only one';
    throw new BimixError('missing-domains', `missing domains in ${top.name}: ${count}, and a mixture needs two`, {
      hint: EXAMPLE,
      where: section === undefined ? top.place() : top.place('domains'),
    });
  }
  return names.map(name => readDomain(name, section.values[name], section));
}

/** Its files alone, or a mapping. */
function readDomain(name: string, value: unknown, domains: SettingsSection): ProjectDomain {
  const isShort = typeof value === 'string' || Array.isArray(value);
  const settings = isShort ? { files: value } : (value ?? {});
  const section = new SettingsSection(`domain "${name}"`, settings, DOMAIN_KEYS, (...keys) =>
    domains.place(name, ...(isShort ? [] : keys)),
  );
  const files = section.texts('files') ?? [];
  const train = section.texts('train') ?? [];
  const validation = section.texts('validation') ?? [];
  if (files.length > 0 && (train.length > 0 || validation.length > 0)) {
    const other = train.length > 0 ? 'train' : 'validation';
    throw section.invalid(
      other,
      'no such key beside files',
      'Name files, which are split by document, or train and validation.',
    );
  }
  if (train.length > 0)
    section.required('validation', validation[0], 'Or name the text as files: it is split by document.');
  if (validation.length > 0) section.required('train', train[0], 'Or name the text as files: it is split by document.');
  return {
    name,
    ...{ files: [...files], train: [...train], validation: [...validation] },
    text: section.text('text') ?? null,
    format: section.choice('format', readerNames()) ?? null,
    available: section.count('available', `tokens available of "${name}"`) ?? null,
    share: readShare(section),
  };
}

function readShare(section: SettingsSection): [number, number] {
  if (!section.has('share')) return [0, 1];
  const value: unknown = section.values.share;
  const [lower, upper] = Array.isArray(value) && value.length === 2 ? value : [];
  if (typeof lower === 'number' && typeof upper === 'number' && 0 <= lower && lower <= upper && upper <= 1) {
    return [lower, upper];
  }
  throw section.invalid('share', 'the smallest and the largest share of tokens', 'Write share: [0.05, 0.5].');
}

/** The embedded trainer reads the text itself. */
function requireText(domains: readonly ProjectDomain[], top: SettingsSection): void {
  const without = domains.find(({ files, train }) => files.length === 0 && train.length === 0);
  if (without === undefined) return;
  throw new BimixError(
    'missing-key',
    `missing files of domain "${without.name}": the embedded trainer reads its text`,
    {
      hint: `Write "${without.name}: path/*.jsonl", or set trainer.command to train with a program of your own.`,
      where: Array.isArray(top.values.domains) ? top.place('domains') : top.place('domains', without.name),
    },
  );
}

function requireTokens(
  domains: readonly ProjectDomain[],
  budget: number | null,
  where: ReturnType<SettingsSection['place']>,
): void {
  const missing =
    budget === null ? 'budget' : domains.some(({ available }) => available === null) ? 'available' : undefined;
  if (missing === undefined) return;
  const what = missing === 'budget' ? 'budget' : 'tokens available of every domain';
  throw new BimixError(
    'missing-key',
    `missing ${what}: without it bimix cannot know how often the training will repeat data`,
    {
      hint: missing === 'budget' ? 'Write budget: 100B.' : 'Write available: 12B for each domain.',
      where,
    },
  );
}

function readEpochs(top: SettingsSection, domains: readonly ProjectDomain[], budget: number | null): number | null {
  const epochs = top.number('max_epochs', { above: 0 }) ?? null;
  if (epochs === null) return null;
  const missing =
    budget === null ? 'budget' : domains.every(({ available }) => available === null) ? 'available' : null;
  if (missing === null) return epochs;
  throw new BimixError('missing-key', `missing ${missing}: a limit on epochs needs it`, {
    hint:
      missing === 'budget' ? 'Write budget: 100B, the tokens of the training.' : 'Write available: 12B for domains.',
    where: top.place('max_epochs'),
  });
}

/** Names are of evaluation domains: those of the embedded trainer, or what only losses can confirm. */
function readObjective(top: SettingsSection, domains: readonly ProjectDomain[] | null): Record<string, number> | null {
  if (top.values.objective === 'mean' || !top.has('objective')) return null;
  if (typeof top.values.objective === 'string') throw top.invalid('objective', 'mean, or weights by domain');
  const weights = top.numbers('objective', { least: 0 }) ?? {};
  const names = domains?.map(({ name }) => name) ?? [];
  const unknown = domains === null ? undefined : Object.keys(weights).find(name => !names.includes(name));
  if (unknown !== undefined) {
    throw new BimixError('unknown-domain', `unknown domain "${unknown}" in the objective of ${top.name}`, {
      hint: didYouMean(unknown, names),
      where: top.place('objective', unknown),
    });
  }
  if (Object.values(weights).some(weight => weight > 0)) return weights;
  throw top.invalid('objective', 'a weight above 0');
}

function readExecutor(top: SettingsSection): ExecutorSettings {
  const isShort = typeof top.values.executor === 'string';
  const section = isShort
    ? new SettingsSection('executor', { on: top.values.executor }, EXECUTOR_KEYS, () => top.place('executor'))
    : top.section('executor', EXECUTOR_KEYS);
  const on = section?.choice('on', ['local', 'slurm']) ?? 'local';
  const odd = on === 'local' ? SLURM_KEYS.find(key => section?.has(key)) : undefined;
  if (odd !== undefined) throw section?.invalid(odd, 'on: slurm beside it');
  return {
    on,
    parallel: section?.whole('parallel') ?? null,
    threads: section?.whole('threads') ?? null,
    attempts: section?.whole('attempts') ?? 1,
    partition: section?.text('partition') ?? null,
    account: section?.text('account') ?? null,
    qos: section?.text('qos') ?? null,
    options: [...(section?.texts('options') ?? [])],
  };
}
