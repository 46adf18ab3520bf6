/** The mixtures of logged runs, from tables beside the logs: a trainer's log seldom says what it was trained on. */

import { BimixError, describePlace, type Place } from '../errors/index.ts';
import { type InputFile, numberAt, readDataTable } from '../files/index.ts';
import type { ColumnMap } from './column-map.ts';
import { columnRoles, requireColumns } from './column-roles.ts';
import { runFactsAt, runNameAt } from './generic-tables.ts';
import { apartMixtures, mixturesTable } from './mixture-per-run.ts';

export interface RunMixture {
  /** Shares of tokens in the order of the training domains. */
  readonly shares: Float64Array;
  readonly facts: { readonly size?: number; readonly seed?: number; readonly replicate?: string };
  readonly where: Place;
}

export interface RunMixtures {
  readonly trainingDomains: readonly string[];
  readonly byRun: ReadonlyMap<string, RunMixture>;
}

/** What a column map can say of a table of mixtures. */
const OWN_KEYS: readonly string[] = ['run', 'size', 'seed', 'replicate', 'weights'];

/** Beside the shares where these carry no pattern, as pandas and people write them. */
const BESIDE = /^(?:name|index|id|notes?|Unnamed.*|)$/i;

/**
 * Reads tables with one row a run: a column with the run's name and one for each share of tokens, called like a share
 * (`weight_web`, `mixture.web`) or else like the domain itself.
 *
 * @param tables files beside the logs; none at all is refused with the way to give one
 * @param log a log to name in that refusal
 * @param map what the columns of the tables are
 * @throws BimixError `missing-mixtures`, `missing-column`, `invalid-columns` for a map of other columns, `ambiguous-domains` when two tables have different domains,
 *   `ambiguous-run` when a run has two rows, and as `readDataTable`
 */
export async function readRunMixtures(
  tables: readonly InputFile[],
  log: InputFile,
  map: ColumnMap = {},
): Promise<RunMixtures> {
  if (tables.length === 0) {
    throw new BimixError('missing-mixtures', `missing mixtures: ${log.path} does not say what its run was trained on`, {
      hint: 'Pass a table with one row a run too, with columns such as run, weight_web, weight_code: bimix import LOGS mixtures.csv. Or pass a YAML or JSON file for each run, called like the run.',
      where: { file: log.path },
    });
  }
  requireOwnKeys(map, log);
  const { tables: tableFiles, mixtures } = await apartMixtures(tables);
  const read = await Promise.all(tableFiles.map(async file => ({ file, table: await readDataTable(file) })));
  if (mixtures.length > 0) read.push({ file: mixtures[0].file, table: mixturesTable(mixtures) });
  requireColumns(
    map,
    read.map(({ table }) => table.columns),
  );
  let trainingDomains: readonly string[] | undefined;
  const byRun = new Map<string, RunMixture>();
  for (const { file, table } of read) {
    const generic = {
      table,
      ...columnRoles(table.columns, { ...map, losses: [], domain: '', loss: '' }, { isTable: true }),
    };
    if (generic.run.length === 0) throw missingColumn(file, 'the name of the run', 'run');
    const facts = new Set([
      generic.size,
      generic.seed,
      generic.replicate,
      generic.tokens,
      generic.step,
      ...generic.run,
    ]);
    const plain = table.columns.flatMap((domain, column) =>
      facts.has(column) || BESIDE.test(domain) ? [] : [{ domain, column }],
    );
    const columns = generic.weights.length > 0 || map.weights !== undefined ? generic.weights : plain;
    if (columns.length === 0) throw missingColumn(file, 'shares of tokens', 'weights');
    const own = columns.map(({ domain }) => domain);
    trainingDomains ??= own;
    requireDomains(own, trainingDomains, file);
    const columnOf = new Map(columns.map(({ domain, column }) => [domain, column]));
    for (let row = 0; row < table.rowCount; row++) {
      const run = runNameAt(generic, row) as string;
      const where = table.place(row);
      const other = byRun.get(run);
      if (other !== undefined) {
        const message = `ambiguous run "${run}": it also has a mixture at ${describePlace(other.where)}`;
        throw new BimixError('ambiguous-run', message, {
          hint: 'Logs are joined with mixtures by the name of the run: give each run one row.',
          where,
        });
      }
      const shares = Float64Array.from(trainingDomains, domain => {
        return numberAt(table, row, columnOf.get(domain) as number);
      });
      byRun.set(run, { shares, facts: runFactsAt(generic, row), where });
    }
  }
  return { trainingDomains: trainingDomains as readonly string[], byRun };
}

/** Logs say themselves what their losses and steps are. */
function requireOwnKeys(map: ColumnMap, { path }: InputFile): void {
  const other = Object.keys(map).find(key => !OWN_KEYS.includes(key));
  if (other === undefined) return;
  throw new BimixError(
    'invalid-columns',
    `invalid column map, ${other}: ${path} is a log: its columns have fixed names`,
    {
      hint: `For the table of mixtures you can name: ${OWN_KEYS.join(', ')}.`,
      where: { file: path },
    },
  );
}

function missingColumn({ path }: InputFile, what: string, key: string): BimixError {
  return new BimixError('missing-column', `missing column with ${what} in ${path}`, {
    hint: `bimix takes it for the table of mixtures. Name the column with --column ${key}=..., or leave the file out.`,
    where: { file: path, line: 1 },
  });
}

function requireDomains(own: readonly string[], domains: readonly string[], file: InputFile): void {
  const odd = own.find(domain => !domains.includes(domain)) ?? domains.find(domain => !own.includes(domain));
  if (odd === undefined) return;
  throw new BimixError('ambiguous-domains', `ambiguous training domains: only one table of mixtures has "${odd}"`, {
    hint: 'Import runs with different training domains one set at a time.',
    where: { file: file.path, line: 1 },
  });
}
