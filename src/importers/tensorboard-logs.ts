/** The scalars of one run from TensorBoard, and how far training was at each. */

import { BimixError, didYouMean, type Place } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';
import type { ColumnMap } from './column-map.ts';
import { evenTokens } from './history-volume.ts';
import { TOKEN_NAMES } from './volume-names.ts';

/** One file of scalars. */
export interface ScalarLog {
  readonly file: InputFile;
  /** What the run may be called, likeliest first. */
  readonly runs: readonly string[];
  /** Of the first event, in seconds since 1970. */
  readonly time: number;
  readonly scalars: readonly {
    readonly tag: string;
    readonly step: number;
    readonly value: number;
    readonly where: Place & { readonly file: string };
  }[];
  /** Where the last record begins, if the file ends within it. */
  readonly cutAt: number | undefined;
}

export interface ScalarVolume {
  readonly unit: 'tokens' | 'steps';
  /** The tag that counts tokens, where one does. */
  readonly tag?: string;
  /** Volume of a run at a step. */
  of(runs: readonly string[], step: number): number;
}

/**
 * Volume by the tag that counts tokens, where each evaluation has it at its step or tokens grow evenly with steps; else by the step.
 *
 * @throws BimixError `missing-column` when the map names a tag that is not there
 */
export function volumeOfScalars(
  logs: readonly ScalarLog[],
  domains: ReadonlyMap<string, string>,
  map: ColumnMap,
  tags: ReadonlySet<string>,
): ScalarVolume {
  const { tokens: named, volume } = map;
  if (named !== undefined && !tags.has(named)) {
    throw new BimixError('missing-column', `missing tag "${named}" with tokens`, { hint: didYouMean(named, tags) });
  }
  const usual = TOKEN_NAMES.flatMap(name => [name, name.replaceAll('/', '_')]);
  const candidates = volume === 'steps' ? [] : named === undefined ? usual : [named];
  for (const tag of candidates.filter(candidate => tags.has(candidate))) {
    const tokensAt = tokensOfTag(logs, tag);
    const measured = logs.flatMap(({ runs, scalars }) =>
      scalars.filter(scalar => domains.has(scalar.tag)).map(({ step }) => tokensAt(runs, step)),
    );
    if (measured.some(tokens => tokens === undefined)) continue;
    return { unit: 'tokens', tag, of: (runs, step) => tokensAt(runs, step) as number };
  }
  return { unit: volume === 'tokens' ? 'tokens' : 'steps', of: (_runs, step) => step };
}

function tokensOfTag(
  logs: readonly ScalarLog[],
  tag: string,
): (runs: readonly string[], step: number) => number | undefined {
  const counts = new Map<string, Map<number, number>>();
  for (const { runs, scalars } of logs) {
    const ofRun = counts.get(runs[0]) ?? new Map<number, number>();
    for (const scalar of scalars) if (scalar.tag === tag) ofRun.set(scalar.step, scalar.value);
    counts.set(runs[0], ofRun);
  }
  const lines = new Map([...counts].map(([run, ofRun]) => [run, evenTokens([...ofRun])]));
  return ([run], step) => counts.get(run)?.get(step) ?? lines.get(run)?.(step);
}
