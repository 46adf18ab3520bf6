/** The losses of a run that bimix trained, from its metrics. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { BimixError } from '../errors/index.ts';
import { formatQuantity, namedValue } from '../mixture/index.ts';
import { type Finding, findingOf } from '../observations/index.ts';
import type { PlannedRun } from './plan.ts';
import type { EmbeddedTrainer } from './project.ts';
import type { RunLosses } from './run-losses.ts';
import { METRICS_FILE, RESULT_FILE, readRunMetrics, readRunResult } from './run-metrics.ts';

/** Part of the tokens a run may draw from that its text may fall short of. */
const SHORTFALL = 0.01;

/**
 * @param out folder of results
 * @param isDone whether the run has ended well: its metrics must then reach its end
 * @throws BimixError as `readRunMetrics`, and `invalid-metrics` where the metrics of a run that is done end before it
 */
export async function readProxyLosses(
  { learningRate }: EmbeddedTrainer,
  run: PlannedRun,
  out: string,
  isDone: boolean,
): Promise<RunLosses> {
  const file = path.join(out, METRICS_FILE);
  const { header, evaluations, diverged } = await readRunMetrics(out);
  const last = evaluations.at(-1)?.tokens ?? 0;
  if (isDone && diverged === null && last < header.tokens) {
    const message = `invalid metrics in ${file}: the run is done, and they end at ${last} of ${header.tokens} tokens`;
    throw new BimixError('invalid-metrics', message, {
      hint: 'The file was cut: copy it again, or train the run again in another folder.',
      where: { file },
    });
  }
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
    // Its trainer watched every step, and tells divergence from text that it was shown too often.
    diverged: diverged?.reason ?? null,
    findings: existsSync(path.join(out, RESULT_FILE)) ? await shortText(run, out) : [],
    files: [file],
  };
}

/** Domains of which a repetition-matched run had less text than it should draw from, so that it repeated the text more often. */
async function shortText({ tokensAvailable }: PlannedRun, out: string): Promise<Finding[]> {
  if (tokensAvailable === null) return [];
  const { available } = await readRunResult(out);
  const items = Object.entries(tokensAvailable).flatMap(([domain, wanted]) => {
    const there = namedValue(available, domain);
    if (there === undefined || there >= wanted * (1 - SHORTFALL)) return [];
    return [`${domain}: ${formatQuantity(there)} of ${formatQuantity(wanted)} tokens`];
  });
  return findingOf('suspicion', 'short-text', items, () => {
    return `there was less text than matching the repetition needs, ${items.join(', ')}`;
  });
}
