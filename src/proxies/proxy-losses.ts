/** The losses of a run that bimix trained, from its metrics. */

import path from 'node:path';
import type { EmbeddedTrainer } from './project.ts';
import { divergenceOf, type RunLosses } from './run-losses.ts';
import { METRICS_FILE, readRunMetrics } from './run-metrics.ts';

/**
 * @param out folder of results
 * @throws BimixError as `readRunMetrics`
 */
export async function readProxyLosses({ learningRate }: EmbeddedTrainer, out: string): Promise<RunLosses> {
  const file = path.join(out, METRICS_FILE);
  const { header, evaluations, diverged } = await readRunMetrics(out);
  const checkpoints = evaluations.map(({ tokens, losses }) => ({ volume: tokens, losses, where: { file } }));
  const drawn = evaluations.at(-1)?.drawn;
  const total = Object.values(drawn ?? {}).reduce((sum, count) => sum + count, 0);
  return {
    checkpoints,
    volumeUnit: 'tokens',
    tokensPerStep: null,
    lossUnit: 'nats',
    metrics: {},
    schedule: learningRate.schedule,
    size: header.parameters,
    shares:
      drawn === undefined || total === 0
        ? null
        : Object.fromEntries(Object.entries(drawn).map(([domain, count]) => [domain, count / total])),
    diverged: diverged === null ? divergenceOf(checkpoints) : diverged.reason,
    findings: [],
    files: [file],
  };
}
