/**
 * `metrics.jsonl` of the runs that bimix trains itself: a header with the mixture, then a line for each evaluation. One run a file;
 * `result.json` beside it says nothing more and may be among the files.
 */

import { z } from 'zod';
import { BimixError, checkValue, describePlace, type Place } from '../errors/index.ts';
import { type InputFile, splitLines } from '../files/index.ts';
import { formatQuantity, namedValue } from '../mixture/index.ts';
import { counted, type DraftRow, findingOf, parseJsonLine } from '../observations/index.ts';
import type { Importer } from './importer.ts';

const byDomain = z.record(z.string(), z.number());

const Header = z.object({
  kind: z.literal('bimix-proxy-metrics'),
  schemaVersion: z.literal(1),
  run: z.string(),
  /** Of all that the losses depend on. */
  hash: z.string(),
  /** Shares of tokens; domains left out have none. */
  weights: byDomain,
  /** Of the whole run. */
  tokens: z.number().positive().optional(),
  seed: z.int(),
  parameters: z.number().positive(),
});

const Divergence = z.object({ diverged: z.object({ tokens: z.number(), reason: z.string() }) });
const Evaluation = z.object({ tokens: z.number(), losses: z.record(z.string(), z.number().nullable()) });

interface RunFile {
  readonly header: z.infer<typeof Header>;
  readonly where: Place;
  readonly evaluations: readonly (z.infer<typeof Evaluation> & { readonly where: Place })[];
  readonly diverged: z.infer<typeof Divergence>['diverged'] | undefined;
}

export const bimixMetrics: Importer = {
  name: 'bimix-metrics',
  description: 'metrics.jsonl of the runs that bimix trains itself, with their mixtures',

  detect(files) {
    const fits = files.some(isMetrics) && files.every(file => isMetrics(file) || isResult(file));
    return fits && { confidence: 'certain', reason: 'a header line of kind bimix-proxy-metrics' };
  },

  read(files, { lossUnit = 'nats' }) {
    const other = files.find(file => !isMetrics(file) && !isResult(file));
    if (other !== undefined || !files.some(isMetrics)) {
      const { path } = other ?? files[0];
      throw new BimixError('missing-log', `missing metrics: ${path} is not a metrics.jsonl of bimix`, {
        where: { file: path },
      });
    }
    if (lossUnit !== 'nats') {
      throw new BimixError('invalid-unit', `invalid unit ${lossUnit}: losses in a metrics.jsonl are nats per token`, {
        where: { file: files[0].path, line: 1 },
      });
    }
    const all = files.filter(isMetrics).map(readRun);
    requireOneOfEach(all);
    const runs = all.filter(({ diverged }) => diverged === undefined);
    if (runs.length === 0) throw noRun(all);
    const diverged = all.flatMap(({ header, diverged: end }) =>
      end === undefined ? [] : [`${header.run}: ${end.reason}, after ${end.tokens} tokens`],
    );
    const trainingDomains = [...new Set(runs.flatMap(({ header }) => Object.keys(header.weights)))];
    const evaluationDomains = [
      ...new Set(runs.flatMap(({ evaluations }) => evaluations.flatMap(({ losses }) => Object.keys(losses)))),
    ];
    return {
      format: 'bimix-metrics',
      trainingDomains,
      evaluationDomains,
      volumeUnit: 'tokens',
      lossUnit: 'nats',
      keepsNames: true,
      rows: runs.flatMap(run => rowsOf(run, trainingDomains, evaluationDomains)),
      findings: [
        ...findingOf('repair', 'diverged-runs', diverged, n => `${counted(n, 'diverged run')} left out`),
        ...findingOf('note', 'unfinished-runs', runs.flatMap(unfinished), n => {
          return `${counted(n, 'run')} not finished, or cut, taken as far as it is`;
        }),
      ],
    };
  },
};

function isMetrics(file: InputFile): boolean {
  return /^\s*\{[^\r\n]*"kind"\s*:\s*"bimix-proxy-metrics"/.test(file.head() ?? '');
}

function isResult(file: InputFile): boolean {
  return /^\s*\{\s*"kind"\s*:\s*"bimix-proxy-result"/.test(file.head() ?? '');
}

function readRun(file: InputFile): RunFile {
  const lines = splitLines(file.text(), file.path);
  const places = lines.map((_, index) => ({ file: file.path, line: index + 1 }));
  const body = lines.slice(1).flatMap((line, index) => {
    const where = places[index + 1];
    if (line.trim() === '') return [];
    const parsed = parsedLine(z.union([Divergence, Evaluation]), line, where);
    return [{ ...parsed, where }];
  });
  return {
    header: parsedLine(Header, lines[0], places[0]),
    where: places[0],
    evaluations: body.flatMap(entry => ('diverged' in entry ? [] : [entry])),
    diverged: body.flatMap(entry => ('diverged' in entry ? [entry.diverged] : []))[0],
  };
}

function parsedLine<T>(schema: z.ZodType<T>, line: string, where: Place): T {
  return checkValue(parseJsonLine(line, where), schema, {
    code: 'invalid-metrics',
    what: 'metrics',
    place: () => where,
  });
}

/** A run may appear twice only as the same training. */
function requireOneOfEach(runs: readonly RunFile[]): void {
  for (const { header, where } of runs) {
    const other = runs.find(run => run.header.run === header.run && run.header.hash !== header.hash);
    if (other === undefined) continue;
    const message = `ambiguous run "${header.run}": ${describePlace(other.where)} has another training of that name`;
    throw new BimixError('ambiguous-run', message, {
      hint: 'Pass the metrics of one of them: text, seed, model or settings differ.',
      where,
    });
  }
}

/** How far a run is that has not come to its end. */
function unfinished({ header, evaluations }: RunFile): string[] {
  const last = evaluations.at(-1)?.tokens ?? 0;
  if (header.tokens === undefined || last >= header.tokens) return [];
  return [`${header.run}: ${formatQuantity(last)} of ${formatQuantity(header.tokens)} tokens`];
}

function noRun(runs: readonly RunFile[]): BimixError {
  const [{ header, where, diverged }] = runs;
  return new BimixError('missing-losses', `missing losses: every run diverged ("${header.run}": ${diverged?.reason})`, {
    hint: 'Train with a lower learning rate.',
    where,
  });
}

function rowsOf(
  { header, where, evaluations }: RunFile,
  trainingDomains: readonly string[],
  evaluationDomains: readonly string[],
): DraftRow[] {
  const { run, parameters, seed, weights } = header;
  const mixture = trainingDomains.map(domain => namedValue(weights, domain) ?? 0);
  return evaluations.map(({ tokens, losses, where: line }) => ({
    run,
    size: parameters,
    seed,
    mixture,
    volume: tokens,
    losses: evaluationDomains.map(domain => namedValue(losses, domain) ?? Number.NaN),
    where: line,
    mixtureWhere: where,
  }));
}
