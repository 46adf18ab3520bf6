/** The options that shape an optimum: constraints, repetition, weights, targets, reference and pull. */

import { type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import { BimixError } from '../errors/index.ts';
import { readBounds } from '../files/index.ts';
import { type FittedLaw, REPEAT_DECAY, type Volume } from '../laws/index.ts';
import type { OptimizeOptions } from '../optimize/index.ts';
import { type Project, readProject, tokensAvailable } from '../proxies/index.ts';
import { domainNumbers, mergedDomainNumbers } from './domain-numbers.ts';
import { positiveNumber } from './fit-settings.ts';
import { volumeOption } from './law-argument.ts';
import { MIXTURE_HELP, mixturesOfLaw, readNamedMixture } from './mixture-argument.ts';
import { collect } from './selected-runs.ts';

export const SHARE_HELP = {
  available:
    'tokens available by training domain: a file of lines such as "code: 12B", or code:12B,web:1T; with --max-epochs a limit, with --repetition what repeating costs, alone the epochs',
  availableForEpochs:
    'tokens available by training domain, for epochs: a file of lines such as "code: 12B", or code:12B,web:1T',
  maxEpochs: 'how often each available token may be drawn',
  repetition: `count repeated tokens for less (Muennighoff et al. 2023); the number is how many repetitions take 1 - 1/e of what repeating can give (default: ${REPEAT_DECAY})`,
  bounds: 'file of smallest and largest share of tokens by training domain, "code: [0.05, 0.3]"',
};

/** A type, not an interface: commander wants its options indexable. */
export type RepetitionTexts = {
  readonly available?: string | undefined;
  readonly repetition?: string | true | undefined;
};

export type ShareOptionTexts = RepetitionTexts & {
  readonly project?: string | undefined;
  readonly maxEpochs?: string | undefined;
  readonly bounds?: string | undefined;
  readonly weights?: string | undefined;
  readonly target: readonly string[];
  readonly worseAtMost?: string | undefined;
  readonly reference?: string | undefined;
  readonly pull?: string | undefined;
};

/** Gives a command the options that `shareOptions` reads. */
export function addShareOptions<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
): Command<Args, Options & ShareOptionTexts> {
  for (const option of shareOptionList()) command.addOption(option);
  // The type of ten options added to an unknown command one by one is more than a compiler can write out.
  return command as unknown as Command<Args, Options & ShareOptionTexts>;
}

function shareOptionList(): Option[] {
  return [
    new Option(
      '--project <file>',
      'bimix.yaml, for tokens available, epochs, bounds, objective and budget, where no option says otherwise',
    ),
    new Option('--available <tokens>', SHARE_HELP.available),
    new Option('--max-epochs <number>', SHARE_HELP.maxEpochs),
    new Option('--repetition [decay]', SHARE_HELP.repetition),
    new Option('--bounds <file>', SHARE_HELP.bounds),
    new Option(
      '--weights <numbers>',
      'weight of each evaluation domain in the objective: a file, or code:2,web:1 (default: equal; 0 for those left out)',
    ),
    new Option(
      '--target <losses>',
      'largest loss allowed for an evaluation domain, such as code:2.1, or a file of such lines; may be repeated',
    )
      .argParser(collect)
      .default([]),
    new Option(
      '--worse-at-most <percent>',
      'by how much the loss of any evaluation domain may exceed that of the reference, for example 1%',
    ),
    new Option('--reference <mixture>', `mixture to compare with: ${MIXTURE_HELP}`),
    new Option(
      '--pull <number>',
      'pull towards the reference: nats per token that one nat of KL(mixture || reference) costs',
    ),
  ];
}

export async function shareOptions(
  texts: ShareOptionTexts,
  fitted: FittedLaw,
): Promise<Omit<OptimizeOptions, 'volume'>> {
  const { available, maxEpochs, bounds, weights, target, worseAtMost, reference, pull } = texts;
  const ofProject = texts.project === undefined ? {} : projectOptions(await readProject(texts.project));
  if (maxEpochs !== undefined && available === undefined && ofProject.tokensAvailable === undefined)
    throw withoutTokens('a limit on epochs needs them');
  const { trainingDomains } = fitted;
  const known = {
    ...ofProject,
    ...(await repetitionOptions(texts, ofProject.tokensAvailable)),
    ...(weights === undefined ? {} : { weights: await domainNumbers(weights, 'weight') }),
  };
  const named = reference === undefined ? undefined : await readNamedMixture(reference, mixturesOfLaw(fitted, known));
  return {
    ...known,
    ...(maxEpochs === undefined ? {} : { maxEpochs: number('--max-epochs', maxEpochs) }),
    ...(bounds === undefined ? {} : { bounds: await readBounds(bounds) }),
    ...(target.length === 0 ? {} : { targets: await mergedDomainNumbers(target, 'target loss') }),
    ...(worseAtMost === undefined ? {} : { noWorse: partOf('--worse-at-most', worseAtMost) }),
    ...(named === undefined
      ? {}
      : { reference: { name: named.name, mixture: { domains: trainingDomains, proportions: named.shares } } }),
    ...(pull === undefined ? {} : { pull: number('--pull', pull) }),
  };
}

/** What a project says of the shares; of what it leaves open, nothing. */
function projectOptions(project: Project): Partial<OptimizeOptions> {
  const available = tokensAvailable(project);
  const bounds = project.domains.flatMap(({ name, share: [lower, upper] }) =>
    lower === 0 && upper === 1 ? [] : [[name, { lower, upper }] as const],
  );
  return {
    ...(Object.keys(available).length === 0 ? {} : { tokensAvailable: available }),
    ...(project.maxEpochs === null ? {} : { maxEpochs: project.maxEpochs }),
    ...(bounds.length === 0 ? {} : { bounds: Object.fromEntries(bounds) }),
    ...(project.objective === null ? {} : { weights: project.objective }),
  };
}

/**
 * The volume asked about: that of `--tokens` or `--steps`, else the project's budget.
 *
 * @throws BimixError as `volumeOption` and `readProject`
 */
export async function askedVolume(
  options: Parameters<typeof volumeOption>[0] & Pick<ShareOptionTexts, 'project'>,
): Promise<Volume | undefined> {
  const asked = volumeOption(options);
  if (asked !== undefined || options.project === undefined) return asked;
  const { budget } = await readProject(options.project);
  return budget === null ? undefined : { unit: 'tokens', value: budget };
}

/**
 * For commands whose objective has no pull.
 *
 * @throws BimixError `invalid-pull` when there is one
 */
export function withoutPull({ pull, ...options }: OptimizeOptions): Omit<OptimizeOptions, 'pull'> {
  if (pull === undefined) return options;
  throw new BimixError('invalid-pull', 'invalid --pull: a front of two groups has none', {
    hint: 'Leave --pull out; --reference shows where a mixture lies against the front.',
  });
}

/** Tokens available, and whether repeated ones count for less. */
export async function repetitionOptions(
  { available, repetition }: RepetitionTexts,
  ofProject?: Readonly<Record<string, number>>,
): Promise<Pick<OptimizeOptions, 'tokensAvailable' | 'repeatDecay'>> {
  if (repetition !== undefined && available === undefined && ofProject === undefined)
    throw withoutTokens('counting repetition needs them');
  return {
    ...(available === undefined ? {} : { tokensAvailable: await domainNumbers(available, 'tokens available') }),
    ...(repetition === undefined
      ? {}
      : { repeatDecay: repetition === true ? REPEAT_DECAY : positiveNumber('--repetition', repetition) }),
  };
}

function withoutTokens(why: string): BimixError {
  return new BimixError('missing-tokens-available', `missing tokens available: ${why}`, {
    hint: 'Pass --available tokens.yaml with lines such as "code: 12B", or --available code:12B.',
  });
}

function number(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new BimixError('invalid-number', `invalid ${option} ${text}: expected a number`);
}

/** `1%` as 0.01. A bare number of 1 or more could be either, and is refused. */
function partOf(option: string, text: string): number {
  const [, digits, sign] = /^\s*([0-9.]+(?:e-?[0-9]+)?)\s*(%?)\s*$/i.exec(text) ?? [];
  const value = digits === undefined ? Number.NaN : Number(digits);
  if (sign === '%' && Number.isFinite(value)) return value / 100;
  if (value < 1) return value;
  throw new BimixError('invalid-percent', `invalid ${option} ${text}: expected a percentage`, {
    hint: `Write ${option} 1%, or 0.01.`,
  });
}
