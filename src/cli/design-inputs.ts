/** What a design is made for: from a `bimix.yaml`, or from lists of tokens and options; options win. */

import { existsSync } from 'node:fs';
import type { DesignMethod, DesignProblemOptions } from '../design/index.ts';
import { findDesignMethod } from '../design/index.ts';
import { parseEntropyResults } from '../entropy/index.ts';
import { BimixError } from '../errors/index.ts';
import { readBounds, readInputFile } from '../files/index.ts';
import { type Mixture, makeMixture, namedValue, parseQuantity } from '../mixture/index.ts';
import { type Project, repetitionMatched, takesTokensAvailable, tokensAvailable } from '../proxies/index.ts';
import { domainNumbers } from './domain-numbers.ts';
import { nameList, positiveNumber, seedNumber } from './fit-settings.ts';
import { givenMixtures } from './given-mixtures.ts';
import { PROJECT_FILE, projectOf } from './project-argument.ts';

const MAX_RUNS = 512;
/** As exchanges of a D-optimal choice take seconds. */
const MAX_OPTIMAL_RUNS = 64;

/** As on the command line; undefined where left out. */
export interface DesignTexts {
  readonly domains?: string | undefined;
  readonly runs?: string | undefined;
  readonly method?: string | undefined;
  readonly from?: string | undefined;
  readonly mixtures: readonly string[];
  readonly available?: string | undefined;
  readonly maxEpochs?: string | undefined;
  readonly tokens?: string | undefined;
  readonly budget?: string | undefined;
  readonly repetitionMatched?: true | undefined;
  readonly bounds?: string | undefined;
  readonly seed?: string | undefined;
}

export interface DesignInputs {
  /** Null where there is none. */
  readonly project: Project | null;
  readonly method: DesignMethod;
  readonly domains: readonly string[];
  readonly limits: DesignProblemOptions;
  readonly seed: number;
  readonly runs: number | undefined;
  /** Of each run. */
  readonly tokens: number | undefined;
  /** Tokens of the training that the mixture is for. */
  readonly budget: number | undefined;
  readonly maxEpochs: number | undefined;
  readonly available: Readonly<Record<string, number>>;
  /** Tokens that each run may draw from, by domain, in a repetition-matched plan. */
  readonly drawnFrom: Readonly<Record<string, number>> | null;
}

/**
 * @param path a `bimix.yaml`, or tokens available by domain; the `bimix.yaml` of the current folder where nothing else names domains
 * @throws BimixError as the readers of what is named, and for what does not fit together
 */
export async function designInputs(path: string | undefined, texts: DesignTexts): Promise<DesignInputs> {
  const isBare = [texts.domains, texts.available, texts.from].every(text => text === undefined);
  const file = path ?? (isBare && existsSync(PROJECT_FILE) ? PROJECT_FILE : undefined);
  const project = file === undefined ? null : await projectOf(file);
  const method = methodOf(texts, project);
  const entropies = texts.from === undefined ? undefined : await readEntropies(texts.from);
  const ofProject = project === null ? undefined : tokensAvailable(project);
  const listed = ofProject ?? (file === undefined ? {} : await domainNumbers(file, 'tokens available'));
  const more = texts.available === undefined ? {} : await domainNumbers(texts.available, 'tokens available');
  const available = { ...listed, ...more };
  const domains =
    project === null ? namesOf(texts.domains, listed, more, entropies?.domains) : ownNames(project, texts);
  const tokens = countOf(texts.tokens, 'number of tokens') ?? project?.trainer.tokens ?? undefined;
  const budget = countOf(texts.budget, 'budget in tokens') ?? project?.budget ?? undefined;
  const maxEpochs =
    texts.maxEpochs === undefined ? project?.maxEpochs : positiveNumber('--max-epochs', texts.maxEpochs);
  const tokenBudget = budget ?? tokens;
  const seed = texts.seed === undefined ? (project?.design.seed ?? 0) : seedNumber(texts.seed);
  const bounds = await boundsOf(texts.bounds, project);
  return {
    project,
    method,
    domains,
    limits: {
      ...(Object.keys(available).length === 0 ? {} : { tokensAvailable: available }),
      ...(maxEpochs == null ? {} : { maxEpochs }),
      ...(tokenBudget === undefined ? {} : { tokenBudget }),
      ...(bounds === undefined ? {} : { bounds }),
      ...(entropies === undefined ? {} : { entropyMixtures: entropies.mixtures }),
      ...(texts.mixtures.length === 0
        ? {}
        : { givenMixtures: await givenMixtures(texts.mixtures, domains, available) }),
      seed,
    },
    seed,
    runs: runCount(texts, project, method.name),
    tokens,
    budget,
    maxEpochs: maxEpochs ?? undefined,
    available,
    drawnFrom:
      texts.repetitionMatched || project?.design.repetitionMatched
        ? matchedTokens(domains, available, tokens, budget, project)
        : null,
  };
}

/** @throws BimixError `ambiguous-method` when mixtures are given to a method that has its own */
function methodOf({ method, mixtures }: DesignTexts, project: Project | null): DesignMethod {
  if (mixtures.length === 0) return findDesignMethod(method ?? project?.design.method ?? 'spread');
  if (method === undefined || method === 'given') return findDesignMethod('given');
  const message = `ambiguous method: ${method} has its own mixtures, and --mixtures names some`;
  throw new BimixError('ambiguous-method', message, { hint: 'Leave one of them out.' });
}

/** @throws BimixError `invalid-runs` */
function runCount({ runs, method, mixtures }: DesignTexts, project: Project | null, name: string): number | undefined {
  // The number in the project is of the project's own method.
  const isOwn = method === undefined && mixtures.length === 0;
  if (runs === undefined) return isOwn ? (project?.design.runs ?? undefined) : undefined;
  const count = Number(runs);
  const most = name === 'optimal' ? MAX_OPTIMAL_RUNS : MAX_RUNS;
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  const message = `invalid --runs ${runs}: expected a whole number from 1 to ${most} for ${name}`;
  throw new BimixError('invalid-runs', message);
}

function countOf(text: string | undefined, what: string): number | undefined {
  return text === undefined ? undefined : parseQuantity(text, what);
}

/** Bounds of the command line replace those of the same domains. */
async function boundsOf(file: string | undefined, project: Project | null): Promise<DesignProblemOptions['bounds']> {
  const own = (project?.domains ?? []).flatMap(({ name, share: [lower, upper] }) =>
    lower === 0 && upper === 1 ? [] : [[name, { lower, upper }]],
  );
  if (file === undefined && own.length === 0) return undefined;
  return { ...Object.fromEntries(own), ...(file === undefined ? {} : await readBounds(file)) };
}

/** @throws BimixError `ambiguous-domains` */
function ownNames({ domains }: Project, { domains: named }: DesignTexts): readonly string[] {
  if (named === undefined) return domains.map(({ name }) => name);
  throw new BimixError('ambiguous-domains', 'ambiguous domains: the project and --domains both name them', {
    hint: 'Leave one of them out.',
  });
}

/** @throws BimixError `missing-domains` when nothing names them, `ambiguous-domains` when two things do */
function namesOf(
  named: string | undefined,
  listed: Readonly<Record<string, number>>,
  available: Readonly<Record<string, number>>,
  ofEntropies: readonly string[] | undefined,
): readonly string[] {
  const ofFile = Object.keys(listed);
  if (named !== undefined && ofFile.length > 0) {
    throw new BimixError('ambiguous-domains', 'ambiguous domains: a file and --domains both name them', {
      hint: 'Leave one of them out, or pass the file as --available.',
    });
  }
  if (named !== undefined) return nameList(named);
  const found = [ofFile, Object.keys(available), ofEntropies ?? []].find(names => names.length > 0);
  if (found !== undefined) return found;
  throw new BimixError('missing-domains', 'missing domains: nothing names them', {
    hint: `Give a ${PROJECT_FILE} (bimix init writes one), a file with lines such as "web: 100B", or --domains web,code,books.`,
  });
}

/** @throws BimixError `missing-tokens`, `missing-token-budget`, `missing-tokens-available`, `missing-placeholder` */
function matchedTokens(
  domains: readonly string[],
  available: Readonly<Record<string, number>>,
  tokens: number | undefined,
  budget: number | undefined,
  project: Project | null,
): Record<string, number> {
  if (tokens === undefined) {
    throw new BimixError('missing-tokens', 'missing tokens of each run: repetition cannot be matched without them', {
      hint: 'Pass --tokens.',
    });
  }
  if (budget === undefined) {
    throw new BimixError(
      'missing-token-budget',
      'missing budget: matching repetition needs the tokens of the training that the mixture is for',
      {
        hint: 'Pass --budget 100B, the tokens of that training.',
      },
    );
  }
  const unknown = domains.find(domain => namedValue(available, domain) === undefined);
  if (unknown !== undefined) {
    throw new BimixError('missing-tokens-available', `missing tokens available of "${unknown}"`, {
      hint: 'Matching repetition needs the tokens available of every domain: pass them with --available.',
    });
  }
  if (project !== null && !takesTokensAvailable(project.trainer)) {
    const message =
      'missing {available_file} in the command: the trainer would not learn how many tokens it may draw from';
    throw new BimixError('missing-placeholder', message, {
      hint: 'It stands for a JSON file with the tokens of each domain, {"web": 1200000, ...}.',
    });
  }
  return repetitionMatched(available, tokens, budget);
}

interface EntropyFile {
  readonly domains: readonly string[];
  /** Of the proxies alone, by name. */
  readonly mixtures: Readonly<Record<string, Mixture>>;
}

async function readEntropies(path: string): Promise<EntropyFile> {
  const { domains, mixtures } = parseEntropyResults((await readInputFile(path)).text(), path);
  const named = Object.entries(mixtures).filter(([name]) => name !== 'size' && name !== 'uniform');
  return {
    domains: Object.keys(domains),
    mixtures: Object.fromEntries(
      named.map(([name, weights]) => [name, makeMixture(weights, { name, where: { file: path } })]),
    ),
  };
}
