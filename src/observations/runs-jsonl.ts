/**
 * bimix's own run format: JSON lines, a header and one record per checkpoint, keyed by domain names so that a few lines of
 * Python can write it. Described by `schema/runs.schema.json`.
 */

import { BimixError, checkValue, didYouMean, type Place, parseJsonLine } from '../errors/index.ts';
import type { Draft, DraftRow } from './draft.ts';
import { unitOfMetric } from './metric.ts';
import { mixtureOfRun, type RunTable, rowCount } from './run-table.ts';
import { RECORD_KEYS, RUNS_SCHEMA_VERSION, RunsHeader } from './runs-schema.ts';

type Fields = Record<string, unknown>;

/** Lines of text. A string is not one: iterating it gives letters. */
export type Lines = Iterable<string> & { readonly charAt?: never };

/** The draft's format name, and the importer's. */
export const RUNS_FORMAT = 'bimix';

/**
 * The lines of a table, each with its line end. Same table, same bytes.
 *
 * @example
 * ```js
 * import { formatRuns } from 'bimix';
 *
 * const jsonl = [...formatRuns(table)].join('');
 * ```
 */
export function* formatRuns(table: RunTable): Generator<string> {
  const { trainingDomains, evaluationDomains, volumeUnit, tokensPerStep, schedule } = table;
  const own = Array.from(table.ownDomain, index => (index < 0 ? null : trainingDomains[index]));
  const header = {
    kind: 'bimix-runs',
    schemaVersion: RUNS_SCHEMA_VERSION,
    rows: rowCount(table),
    trainingDomains,
    evaluationDomains,
    mapping: Object.fromEntries(evaluationDomains.map((domain, i) => [domain, own[i]])),
    metrics: table.metrics,
    volume: { unit: volumeUnit, tokensPerStep },
    schedule,
    loss: 'nats per token',
    share: 'tokens',
    provenance: table.provenance,
  };
  yield `${JSON.stringify(header)}\n`;
  const trainingKeys = trainingDomains.map(domain => JSON.stringify(domain));
  const evaluationKeys = evaluationDomains.map(domain => JSON.stringify(domain));
  const k = evaluationKeys.length;
  const heads = table.runs.map(({ name, size, seed, replicate }, run) => {
    const shares = mixtureOfRun(table, run);
    const mixture = trainingKeys.map((key, j) => `${key}:${shares[j]}`).join();
    return `${JSON.stringify({ run: name, size, seed, replicate }).slice(0, -1)},"mixture":{${mixture}}`;
  });
  for (let row = 0; row < rowCount(table); row++) {
    const losses = table.losses.subarray(row * k, (row + 1) * k);
    const measured = evaluationKeys.map((key, i) => `${key}:${Number.isNaN(losses[i]) ? null : losses[i]}`).join();
    const volume = volumeUnit === 'none' ? '' : `,"volume":${table.rowVolume[row]}`;
    yield `${heads[table.rowRun[row]]}${volume},"losses":{${measured}}}\n`;
  }
}

/**
 * Reads the lines of a table.
 *
 * @param lines without line ends; blank ones are skipped
 * @throws BimixError with line and column: `invalid-json`, `invalid-header`, `unknown-schema-version`, `invalid-record`,
 * `unknown-domain`, `unknown-key`, `missing-records`, `invalid-runs` when there are more or fewer than the header says
 *
 * @example
 * ```js
 * import { parseRuns } from 'bimix';
 *
 * const draft = parseRuns(text.split('\n'));
 * ```
 */
export function parseRuns(lines: Lines, file?: string): Draft {
  let reader: RecordReader | undefined;
  const rows: DraftRow[] = [];
  let number = 0;
  for (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    const where: Place = { ...(file === undefined ? {} : { file }), line: number };
    const value = parseJsonLine(line, where);
    if (reader === undefined) reader = recordReader(parseHeader(value, line, where));
    else rows.push(reader.read(value, line, where));
  }
  if (reader === undefined || rows.length === 0) {
    const what = reader === undefined ? 'header: the file is empty' : 'records: the file has a header only';
    throw new BimixError('missing-records', `missing ${what}`, {
      where: { ...(file === undefined ? {} : { file }), line: Math.max(number, 1) },
    });
  }
  const { header } = reader;
  if (header.rows !== undefined && header.rows !== rows.length)
    throw otherCount(header.rows, rows.length, file, number);
  const { tokensPerStep } = header.volume;
  return {
    format: RUNS_FORMAT,
    trainingDomains: header.trainingDomains,
    evaluationDomains: header.evaluationDomains,
    ...(header.mapping === undefined ? {} : { mapping: header.mapping }),
    volumeUnit: header.volume.unit,
    ...(tokensPerStep === undefined ? {} : { tokensPerStep }),
    ...(header.schedule === undefined ? {} : { schedule: header.schedule }),
    lossUnit: 'nats',
    onContradiction: 'stop',
    keepsNames: true,
    ...(header.metrics === undefined
      ? {}
      : {
          metrics: Object.fromEntries(
            Object.entries(header.metrics).map(([domain, metric]) => [domain, unitOfMetric(metric)]),
          ),
        }),
    rows,
    findings: [],
    ...(header.provenance === undefined ? {} : { provenance: header.provenance }),
  };
}

function otherCount(announced: number, found: number, file: string | undefined, line: number): BimixError {
  return new BimixError('invalid-runs', `invalid runs: the header says ${announced} rows, the file holds ${found}`, {
    hint:
      found < announced
        ? 'The file was cut: copy it again, or import the runs again. To use what is left, take "rows" out of the header.'
        : 'Rows were added: take "rows" out of the header.',
    where: { ...(file === undefined ? {} : { file }), line },
  });
}

type Header = ReturnType<typeof RunsHeader.parse>;

function parseHeader(value: unknown, line: string, where: Place): Header {
  const { kind, schemaVersion } = isFields(value) ? value : {};
  if (kind === 'bimix-runs' && typeof schemaVersion === 'number' && schemaVersion !== RUNS_SCHEMA_VERSION) {
    const message = `unknown schema version ${schemaVersion}: this bimix reads version ${RUNS_SCHEMA_VERSION}`;
    throw new BimixError('unknown-schema-version', message, {
      hint: 'The file was written by another version of bimix; use that one, or import the runs again.',
      where: placeOf(line, where, 'schemaVersion'),
    });
  }
  return checkValue(value, RunsHeader, {
    code: 'invalid-header',
    what: 'header of runs',
    hint: 'The first line describes the table: see schema/runs.schema.json.',
    place: keys => placeOf(line, where, ...keys.filter(key => typeof key === 'string')),
  });
}

interface RecordReader {
  readonly header: Header;
  read(value: unknown, line: string, where: Place): DraftRow;
}

function recordReader(header: Header): RecordReader {
  const training = new Set(header.trainingDomains);
  const evaluation = new Set(header.evaluationDomains);
  return {
    header,
    read(value, line, where) {
      const fail = (trouble: string, ...keys: string[]): never => {
        throw new BimixError('invalid-record', `invalid record: ${trouble}`, { where: placeOf(line, where, ...keys) });
      };
      if (!isFields(value)) return fail('expected an object');
      for (const key in value) {
        if (RECORD_KEYS.has(key)) continue;
        throw new BimixError('unknown-key', `unknown key "${key}" in a record`, {
          hint: didYouMean(key, RECORD_KEYS),
          where: placeOf(line, where, key),
        });
      }
      const { run, size, seed, replicate, mixture, volume, losses } = value;
      if (typeof run !== 'string' || run === '') return fail('"run" must be a name', 'run');
      if (size !== undefined && typeof size !== 'number') return fail('"size" must be a number of parameters', 'size');
      if (seed !== undefined && typeof seed !== 'number') return fail('"seed" must be a number', 'seed');
      if (replicate !== undefined && typeof replicate !== 'string')
        return fail('"replicate" must be text', 'replicate');
      if (!isFields(mixture)) return fail('"mixture" must give shares by training domain', 'mixture');
      if (!isFields(losses)) return fail('"losses" must give losses by evaluation domain', 'losses');
      if (header.volume.unit === 'none') {
        if (volume !== undefined) return fail('it has a volume, the header says unit "none"', 'volume');
      } else if (typeof volume !== 'number') {
        return fail(`"volume" must be a number of ${header.volume.unit}`, 'volume');
      }
      requireDomains(mixture, training, 'training', line, where, 'mixture');
      requireDomains(losses, evaluation, 'evaluation', line, where, 'losses');
      const shares = Float64Array.from(header.trainingDomains, domain => {
        const share = Object.hasOwn(mixture, domain) ? mixture[domain] : 0;
        return typeof share === 'number' ? share : fail(`the share of "${domain}" must be a number`, 'mixture', domain);
      });
      const nats = Float64Array.from(header.evaluationDomains, domain => {
        const loss = Object.hasOwn(losses, domain) ? losses[domain] : null;
        if (loss === null) return Number.NaN;
        return typeof loss === 'number' ? loss : fail(`the loss of "${domain}" must be a number`, 'losses', domain);
      });
      return {
        run,
        ...(size === undefined ? {} : { size }),
        ...(seed === undefined ? {} : { seed }),
        ...(replicate === undefined ? {} : { replicate }),
        mixture: shares,
        ...(typeof volume === 'number' ? { volume } : {}),
        losses: nats,
        where,
      };
    },
  };
}

function requireDomains(
  fields: Fields,
  known: ReadonlySet<string>,
  side: string,
  line: string,
  where: Place,
  section: string,
): void {
  for (const domain in fields) {
    if (known.has(domain)) continue;
    throw new BimixError('unknown-domain', `unknown ${side} domain "${domain}": the header does not list it`, {
      hint: didYouMean(domain, known),
      where: placeOf(line, where, section, domain),
    });
  }
}

/** The place of a key in the line, looked for from key to key inwards. */
function placeOf(line: string, where: Place, ...keys: string[]): Place {
  let at = 0;
  for (const key of keys) at = Math.max(at, line.indexOf(JSON.stringify(key), at));
  return { ...where, column: at + 1 };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
