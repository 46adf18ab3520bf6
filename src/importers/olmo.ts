/**
 * Metrics of OLMo-core and OLMo: `metrics.json` and `metrics_step<N>.json` of OLMo-core's `MetricSaverCallback`, one object with
 * the latest value of each metric; and tables of W&B metrics without `_step` (CSV, JSON lines, Parquet), as OLMo's scripts write
 * them. Losses are `eval/lm/<set>/CE loss`, in OLMo `eval/<set>/CrossEntropyLoss`.
 */

import { BimixError, describePlace } from '../errors/index.ts';
import { columnsOf, type InputFile, readDataTable } from '../files/index.ts';
import { counted, findingOf } from '../observations/index.ts';
import { isGenericTable } from './generic-detection.ts';
import type { Importer } from './importer.ts';
import { draftOfLogs, type LoggedLoss, runNamesOfPath } from './logged-losses.ts';
import { domainsOfMetrics } from './metric-domains.ts';
import { freshLosses, type StaleLoss } from './olmo-snapshots.ts';
import { readRunMixtures } from './run-mixtures.ts';
import { readHistory } from './wandb-history.ts';

/** Losses of training count as a mark too, so that a log with nothing else is refused in words. */
const MARK = /^eval\/(?:lm\/)?[^/]+\/(?:CE loss|CrossEntropyLoss)$|^train\/(?:CE loss|CrossEntropyLoss)$/;
const SNAPSHOT = /^metrics(?:_step(\d+))?\.json$/;

const HOW_TO_LOG =
  'Add an LMEvaluatorCallbackConfig with a validation set of each domain, which logs eval/lm/<set>/CE loss; in OLMo, an evaluator of type lm for each.';

export const olmo: Importer = {
  name: 'olmo',
  description: 'metrics of OLMo-core and OLMo (JSON, CSV, JSONL), with a table of mixtures',

  async detect(files, { columns: map } = {}) {
    if (map !== undefined) return false;
    const headers = await Promise.all(files.map(columnsOf));
    const fits = headers.some(columns => columns !== undefined && isMetrics(columns));
    return fits && { confidence: 'certain', reason: 'metrics such as eval/lm/NAME/CE loss' };
  },

  async read(files, { columns: map = {} }) {
    const { losses: _l, accuracy: _a, error: _e, bpb: _b, tokens, step, volume, ...mixtureMap } = map;
    const tables = await Promise.all(files.map(async file => ({ file, table: await readDataTable(file) })));
    const logs = tables.filter(({ table }) => isMetrics(table.columns));
    if (logs.length === 0) {
      throw new BimixError('missing-log', `missing metrics: ${files[0].path} has no metrics of OLMo`, {
        where: { file: files[0].path },
      });
    }
    const names = new Set(logs.flatMap(({ table }) => table.columns));
    const { domains, units } = domainsOfMetrics([...names], map, logs[0].file, HOW_TO_LOG);
    const ofColumns = { ...(tokens === undefined ? {} : { tokens }), ...(step === undefined ? {} : { step }) };
    const histories = logs.map(({ file, table }) => readHistory(file, table, ofColumns));
    const volumeUnit =
      volume ?? (histories.every(history => history.volume(domains, 'tokens') !== undefined) ? 'tokens' : 'steps');
    const all = histories.map(history => ({
      file: history.file,
      isSnapshot: SNAPSHOT.test(history.file.name),
      losses: history.losses(domains, volumeUnit).map(loss => withVolume(loss, history.file, volumeUnit === 'none')),
    }));
    const { losses: fresh, stale } = freshLosses(all.filter(({ isSnapshot }) => isSnapshot).map(log => log.losses));
    const isLast = ({ where }: LoggedLoss): boolean => /(?:^|[\\/])metrics\.json(?:\.gz)?$/.test(where.file ?? '');
    const final = new Set(fresh.filter(isLast).map(({ where }) => where.file as string));
    const losses = [...all.filter(({ isSnapshot }) => !isSnapshot).flatMap(log => log.losses), ...fresh];
    return draftOfLogs(
      {
        format: 'olmo',
        volumeUnit,
        losses,
        logs: logs.map(({ file }) => file.path).filter(path => !stale.some(({ where }) => where.file === path)),
        ...(Object.keys(units).length === 0 ? {} : { metrics: units }),
        findings: [
          ...findingOf('repair', 'stale-losses', stale.map(describeStale), n => {
            return `${counted(n, 'loss')} dropped because an earlier file of the run has them too: no evaluation came in between`;
          }),
          ...findingOf('note', 'latest-losses', [...final], n => {
            return `volume of ${counted(n, 'file')} is that of the end of the run, up to one evaluation interval after its losses`;
          }),
        ],
      },
      await readRunMixtures(
        tables.filter(({ table }) => !isMetrics(table.columns)).map(({ file }) => file),
        logs[0].file,
        mixtureMap,
      ),
    );
  },
};

function describeStale({ domain, where, before }: StaleLoss): string {
  return `${domain} of ${describePlace(where)}, as in ${describePlace(before)}`;
}

function isMetrics(columns: readonly string[]): boolean {
  return columns.some(name => MARK.test(name)) && !columns.includes('_step') && !isGenericTable(columns);
}

/** The step in the name of a snapshot, where the metrics do not say it. */
function withVolume(loss: LoggedLoss, { path, name }: InputFile, isWithout: boolean): LoggedLoss {
  const runs = SNAPSHOT.test(name) ? runNamesOfPath(path).filter(run => !SNAPSHOT.test(`${run}.json`)) : loss.runs;
  if (loss.volume !== undefined || isWithout) return { ...loss, runs };
  const step = SNAPSHOT.exec(name)?.[1];
  if (step !== undefined) return { ...loss, runs, volume: Number(step) };
  throw new BimixError('missing-volume', `missing volume in ${path}: neither tokens nor a step with each loss`, {
    hint: "OLMo-core's SpeedMonitorCallback logs throughput/total tokens; metrics_step<N>.json has the step in its name; --format olmo --column step=... names a column.",
    where: loss.where,
  });
}
