/** One file of a Weights & Biases history: one run or several, by a column, by the columns' names, or by the file's name. */

import { type DataTable, type InputFile, numberAt, textAt } from '../files/index.ts';
import type { VolumeUnit } from '../observations/index.ts';
import type { ColumnMap } from './column-map.ts';
import { columnRoles } from './column-roles.ts';
import { countAt } from './generic-tables.ts';
import { type HistoryVolume, tokensOfRows } from './history-volume.ts';
import { type LoggedLoss, runNamesOfPath } from './logged-losses.ts';
import { columnOfMetric } from './metric-domains.ts';
import { STEP_NAMES, TOKEN_NAMES } from './volume-names.ts';

/** Evaluation domain by metric. */
type Domains = ReadonlyMap<string, string>;

/** A column of a chart: the run, the metric, and whether it is the bound of a mean. */
const CHART_COLUMN = /^(.+) - (.+?)(__MIN|__MAX)?$/;

export interface RunHistory {
  readonly file: InputFile;
  readonly rowCount: number;
  /** Names of what was logged. */
  readonly metrics: readonly string[];
  /** Points that are means over several steps, one item a run and metric. */
  readonly means: readonly string[];
  /** Volume at each row with a loss; undefined where one has none. */
  volume(domains: Domains, unit: 'tokens' | 'steps'): HistoryVolume | undefined;
  /**
   * @throws BimixError `invalid-number` with line and column
   */
  losses(domains: Domains, unit: VolumeUnit): LoggedLoss[];
}

/** Whether a table is a chart exported from the web page. */
export function isChart(columns: readonly string[]): boolean {
  return columns.some(name => CHART_COLUMN.test(name) && columns.includes(`${name}__MIN`));
}

export function readHistory(file: InputFile, table: DataTable, map: ColumnMap): RunHistory {
  return isChart(table.columns) ? readChart(file, table) : readTable(file, table, map);
}

function readTable(file: InputFile, table: DataTable, map: ColumnMap): RunHistory {
  const { columns, rowCount } = table;
  const { run } = columnRoles(columns, {
    step: map.step ?? '_step',
    ...(map.run === undefined ? {} : { run: map.run }),
  });
  const fromPath = runNamesOfPath(file.path);
  const runsAt = (row: number): readonly string[] => {
    return run.length === 0 ? fromPath : [run.map(column => textAt(table, row, column)).join('-')];
  };
  const measuredRows = (domains: Domains): number[] => {
    const measured = columns.flatMap((name, column) => (domains.has(name) ? [column] : []));
    const rows = Array.from({ length: rowCount }, (_, row) => row);
    return rows.filter(row => measured.some(column => !isEmpty(table.cell(row, column))));
  };
  const present = (named: string | undefined, usual: readonly string[]): number[] => {
    const found = named === undefined ? usual.map(name => columnOfMetric(columns, name)) : [columns.indexOf(named)];
    return found.filter(column => column >= 0);
  };
  const stepColumn = (rows: readonly number[]): number | undefined => {
    const found = present(map.step, STEP_NAMES);
    if (map.step !== undefined) return found[0];
    return found.find(column => rows.every(row => !isEmpty(table.cell(row, column))));
  };
  const volume = (domains: Domains, unit: 'tokens' | 'steps'): HistoryVolume | undefined => {
    const rows = measuredRows(domains);
    const step = stepColumn(rows);
    if (unit === 'steps') {
      if (step === undefined) return undefined;
      return { column: columns[step], by: 'itself', at: row => countAt(table, row, step) };
    }
    const optimizerStep = step === undefined || columns[step] === '_step' ? undefined : step;
    const runOf = (row: number): string => run.map(column => String(table.cell(row, column) ?? '')).join('-');
    for (const column of present(map.tokens, TOKEN_NAMES)) {
      const found = tokensOfRows(table, column, rows, optimizerStep, runOf);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    file,
    rowCount,
    metrics: columns,
    means: [],
    volume,
    losses(domains, unit) {
      const counted = unit === 'none' ? undefined : volume(domains, unit);
      const ofRow = (row: number): LoggedLoss[] => {
        const where = table.place(row);
        const value = counted?.at(row);
        const runs = runsAt(row);
        return columns.flatMap((metric, column) => {
          const domain = domains.get(metric);
          if (domain === undefined || isEmpty(table.cell(row, column))) return [];
          const loss = numberAt(table, row, column);
          return [{ runs, ...(value === undefined ? {} : { volume: value }), domain, loss, where }];
        });
      };
      return withoutEmptyNaN(measuredRows(domains).flatMap(ofRow));
    },
  };
}

function readChart(file: InputFile, table: DataTable): RunHistory {
  const { columns, rowCount } = table;
  const parsed = columns.flatMap((name, column) => {
    const [, run, metric, bound] = CHART_COLUMN.exec(name) ?? [];
    return run === undefined || metric === '_step' ? [] : [{ run, metric, bound, column }];
  });
  const points = parsed.filter(({ bound }) => bound === undefined);
  const boundsOf = ({ column }: (typeof points)[number]): number[] =>
    ['__MIN', '__MAX'].map(end => columns.indexOf(`${columns[column]}${end}`)).filter(index => index >= 0);
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  return {
    file,
    rowCount: 0,
    metrics: [...new Set(points.map(({ metric }) => metric))],
    means: points.flatMap(point => {
      const bounds = boundsOf(point);
      const count = rows.filter(row => {
        const [least, most] = bounds.map(column => numberAt(table, row, column));
        return least < most;
      }).length;
      return count === 0 ? [] : [`${point.run}, ${point.metric}: ${count} points are means over several steps`];
    }),
    volume(_domains, unit) {
      if (unit === 'tokens') return undefined;
      return { column: columns[0], by: 'itself', at: row => countAt(table, row, 0) };
    },
    losses: domains =>
      withoutEmptyNaN(
        points.flatMap(({ run, metric, column }) => {
          const domain = domains.get(metric);
          if (domain === undefined) return [];
          return rows.flatMap(row => {
            if (isEmpty(table.cell(row, column))) return [];
            const volume = countAt(table, row, 0);
            const loss = numberAt(table, row, column);
            return [
              { runs: [run], ...(volume === undefined ? {} : { volume }), domain, loss, where: table.place(row) },
            ];
          });
        }),
      ),
  };
}

/** Without NaN that numbers follow: some tables write it into empty cells. A run that breaks stays broken. */
function withoutEmptyNaN(losses: readonly LoggedLoss[]): LoggedLoss[] {
  const recovered = new Set<string>();
  const kept = losses.toReversed().filter(({ runs, domain, loss }) => {
    const key = JSON.stringify([runs[0], domain]);
    if (!Number.isNaN(loss)) recovered.add(key);
    return !Number.isNaN(loss) || !recovered.has(key);
  });
  return kept.reverse();
}

function isEmpty(cell: unknown): boolean {
  return cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '');
}
