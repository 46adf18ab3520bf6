/** A mixture named on the command line, in any form: a keyword, a file, written out, a published one, a run. */

import { existsSync } from 'node:fs';
import { BimixError, nearestName } from '../errors/index.ts';
import { readMixtureFile } from '../files/index.ts';
import type { FittedLaw } from '../laws/index.ts';
import { findPreset, listPresets, parseInlineMixture, renameDomains, resolveMixture } from '../mixture/index.ts';
import { bestMeasuredRun, type OptimizeOptions, objectiveWeights } from '../optimize/index.ts';

/** For the help of every option and argument that is a mixture. */
export const MIXTURE_HELP =
  "a file of any trainer's form, web=0.6,code=0.4, a preset, uniform, size, best-run or the name of a run; weights are shares of tokens";

export interface NamedMixture {
  /** As given. */
  readonly name: string;
  /** Share of tokens in the order of the training domains asked for. */
  readonly shares: Float64Array;
}

/** What a mixture may be named after, beside files and presets. */
export interface MixtureSources {
  /** Training domains that the shares are wanted in. */
  readonly domains: readonly string[];
  /** Tokens available by training domain, for `size`. */
  readonly tokensAvailable?: Readonly<Record<string, number>>;
  readonly runs?: readonly NamedMixture[];
  /** Finds the run with the lowest loss; null where none was measured in full. */
  readonly bestRun?: () => NamedMixture | null;
}

/**
 * What a law knows of mixtures: its training domains and the runs it was fitted on.
 *
 * @param options weights that the best run is chosen by, and the tokens available, for `size`
 */
export function mixturesOfLaw(
  fitted: FittedLaw,
  options: Pick<OptimizeOptions, 'weights' | 'tokensAvailable'> = {},
): MixtureSources {
  const { runs, mixtures } = fitted.covered;
  const { tokensAvailable, weights } = options;
  return {
    domains: fitted.trainingDomains,
    ...(tokensAvailable === undefined ? {} : { tokensAvailable }),
    runs: runs.map((name, run) => ({ name, shares: Float64Array.from(mixtures[run]) })),
    bestRun() {
      const run = bestMeasuredRun(fitted, objectiveWeights(fitted, weights));
      return run === null ? null : { name: runs[run], shares: Float64Array.from(mixtures[run]) };
    },
  };
}

/**
 * @param text `uniform`, `size` or `best-run`; a file; `web=0.6,code=0.4`; a preset such as `slimpajama/doremi`; the name of a
 *   run, or `run:` and its name where something else has that name too
 * @throws BimixError `unknown-mixture`, `missing-tokens-available`, `missing-runs`, and as `readMixtureFile`
 */
export async function readNamedMixture(text: string, sources: MixtureSources): Promise<NamedMixture> {
  const { domains, runs = [] } = sources;
  const keyword = keywordMixture(text, sources);
  if (keyword !== undefined) return keyword;
  if (text === '-' || existsSync(text)) {
    return {
      name: text === '-' ? 'standard input' : text,
      shares: (await readMixtureFile(text, { domains })).proportions,
    };
  }
  const inline = parseInlineMixture(text);
  if (inline !== undefined) return { name: text, shares: resolveMixture(inline, { domains, name: text }).proportions };
  const run = runs.find(({ name }) => name === text.replace(/^run:/, ''));
  const preset = listPresets().find(({ name }) => name === text.toLowerCase());
  if (preset !== undefined) return { name: text, shares: renameDomains(preset.mixture, domains, text).proportions };
  if (run !== undefined) return run;
  if (/\.\w+$/.test(text)) throw new BimixError('missing-file', `missing file ${text}`, { where: { file: text } });
  throw unknownMixture(text, runs);
}

function keywordMixture(text: string, sources: MixtureSources): NamedMixture | undefined {
  const { domains } = sources;
  if (text === 'uniform') return { name: text, shares: new Float64Array(domains.length).fill(1 / domains.length) };
  if (text === 'size') return { name: text, shares: sharesBySize(domains, sources.tokensAvailable ?? {}) };
  if (text !== 'best-run') return undefined;
  const best = sources.bestRun?.();
  if (best != null) return { name: `best-run (${best.name})`, shares: best.shares };
  const why = best === null ? 'no run measured every loss of the objective' : 'there are no runs to choose from';
  throw new BimixError('missing-runs', `missing best run: ${why}`, { hint: 'Name a mixture or a run instead.' });
}

/** In proportion to the tokens available. */
function sharesBySize(domains: readonly string[], available: Readonly<Record<string, number>>): Float64Array {
  const unknown = domains.find(domain => !Object.hasOwn(available, domain));
  if (unknown === undefined) {
    const total = domains.reduce((sum, domain) => sum + available[domain], 0);
    return Float64Array.from(domains, domain => available[domain] / total);
  }
  throw new BimixError('missing-tokens-available', `missing tokens available of "${unknown}": size needs them of all`, {
    hint: `Pass --available ${domains.map(domain => `${domain}:10B`).join(',')} with your numbers, or a file with lines such as "${unknown}: 10B".`,
  });
}

function unknownMixture(text: string, runs: readonly NamedMixture[]): BimixError {
  if (runs.length === 0 && /^[\w-]+\/[\w-]+$/.test(text)) {
    try {
      findPreset(text);
    } catch (error) {
      if (error instanceof BimixError) return error;
    }
  }
  const names = [
    ...runs.map(({ name }) => name),
    ...listPresets().map(({ name }) => name),
    'uniform',
    'size',
    'best-run',
  ];
  const near = nearestName(text, names);
  return new BimixError('unknown-mixture', `unknown mixture "${text}": no file, run or preset has this name`, {
    hint: `${near === undefined ? '' : `Did you mean "${near}"? `}Name ${MIXTURE_HELP.replace(/;.*/, '')}. bimix presets lists the presets.`,
  });
}
