/**
 * The command that starts somebody's own trainer: a template with placeholders. Text is a script for `sh -c`, where a placeholder
 * becomes a quoted variable, so that no value is ever read as shell; a list is a program with its arguments, run as they are.
 */

import { BimixError, didYouMean, nearestName, type Place } from '../errors/index.ts';
import type { Project } from './project.ts';

/** What a placeholder stands for, for help and docs. */
const PLACEHOLDERS = {
  mixture_file: 'file with the shares of tokens of this run',
  available_file:
    'file with the tokens of each domain that this run may draw from (JSON), for repetition-matched plans',
  tokens: 'training tokens',
  seed: 'seed to train with',
  run: 'name of the run, as a file may be called',
  threads: 'threads it may use',
  out: 'folder for results, a new one for each attempt',
  task: 'folder that outlives attempts, for checkpoints',
  attempt: 'name of the attempt',
} as const;

type Placeholder = keyof typeof PLACEHOLDERS;

/** Filled in by the executor, which alone knows them. */
const OF_EXECUTOR: ReadonlySet<string> = new Set<Placeholder>(['threads', 'out', 'task', 'attempt']);
const NAMES = Object.keys(PLACEHOLDERS) as Placeholder[];
/** Not `${VARIABLE}`, which is the shell's. */
const PATTERN = /(?<!\$)\{([A-Za-z_]+)\}/g;

type CommandTemplate = string | readonly string[];

/** Values of all placeholders that the executor does not fill in. */
export type PlaceholderValues = Readonly<Record<Exclude<Placeholder, 'threads' | 'out' | 'task' | 'attempt'>, string>>;

/**
 * @throws BimixError `unknown-placeholder` for one that is nearly spelt like a known one, `missing-placeholder` when every run
 * would be trained alike
 */
export function checkTemplate(template: CommandTemplate, where: Place): void {
  const used = placeholdersOf(template);
  const unknown = used.find(name => !isPlaceholder(name) && nearestName(name, NAMES) !== undefined);
  if (unknown !== undefined) {
    throw new BimixError('unknown-placeholder', `unknown placeholder {${unknown}} in the command`, {
      hint: didYouMean(unknown, NAMES),
      where,
    });
  }
  if (used.includes('mixture_file') || used.includes('run')) return;
  throw new BimixError(
    'missing-placeholder',
    'missing {mixture_file} in the command: all runs would train on the same mixture',
    {
      hint: 'Write for example: command: python train.py --mixture {mixture_file} --seed {seed} --out {out}',
      where,
    },
  );
}

/** Whether a trainer learns from how many tokens it may draw: bimix's own always does. */
export function takesTokensAvailable(trainer: Project['trainer']): boolean {
  return trainer.kind === 'embedded' || placeholdersOf(trainer.command).includes('available_file');
}

/** Program and arguments for an executor, which fills in the rest. */
export function commandOf(template: CommandTemplate, values: PlaceholderValues): [string, ...string[]] {
  if (typeof template === 'string') return ['sh', '-c', shellScript(template)];
  const [program, ...rest] = template.map(argument =>
    argument.replace(PATTERN, (text, name: string) =>
      isPlaceholder(name) && !OF_EXECUTOR.has(name) ? values[name as keyof PlaceholderValues] : text,
    ),
  );
  return [program, ...rest];
}

/** The same values as variables, `BIMIX_MIXTURE_FILE` and so on; those of the executor are there already. */
export function trainerEnvironment(values: PlaceholderValues): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [variableOf(name), value]));
}

/** Each placeholder a variable, quoted as its place in the script wants it. */
function shellScript(template: string): string {
  let script = '';
  let quote = '';
  for (let at = 0; at < template.length; ) {
    const name = /^\{([A-Za-z_]+)\}/.exec(template.slice(at))?.[1];
    if (name !== undefined && isPlaceholder(name) && template[at - 1] !== '$') {
      const variable = `\${${variableOf(name)}}`;
      script += quote === '"' ? variable : quote === "'" ? `'"${variable}"'` : `"${variable}"`;
      at += name.length + 2;
      continue;
    }
    const character = template[at];
    const length = character === '\\' && quote !== "'" ? 2 : 1;
    if (length === 1 && (character === '"' || character === "'")) {
      quote = quote === '' ? character : quote === character ? '' : quote;
    }
    script += template.slice(at, at + length);
    at += length;
  }
  return script;
}

function placeholdersOf(template: CommandTemplate): string[] {
  return [template].flat().flatMap(text => [...text.matchAll(PATTERN)].map(([, name]) => name));
}

function isPlaceholder(name: string): name is Placeholder {
  return Object.hasOwn(PLACEHOLDERS, name);
}

function variableOf(name: string): string {
  return `BIMIX_${name.toUpperCase()}`;
}
