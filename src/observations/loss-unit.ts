/** What each evaluation domain is measured in, and how its values become those that a table holds. */

import { BimixError, didYouMean } from '../errors/index.ts';
import { namedValue } from '../mixture/index.ts';
import type { Draft, Finding } from './draft.ts';
import { counted, findingOf } from './finding-group.ts';
import type { MetricUnit } from './metric.ts';

/** Mean bytes per token of each evaluation domain, or one number for all. */
export type BytesPerToken = number | Readonly<Record<string, number>>;

export interface EvaluationUnit {
  readonly domain: string;
  /** What is kept in place of a loss; left out for a loss. */
  readonly metric?: MetricUnit;
  /** A loss as read, in nats per token. */
  toNats(loss: number): number;
}

/**
 * The unit of each evaluation domain. Nats per token stay, bits x ln 2, ln(perplexity). Bits per byte are a unit of their own
 * and stay, unless bytes per token are given: bits per byte x bytes per token x ln 2 are nats per token.
 *
 * @throws BimixError `invalid-bytes-per-token` when one is not positive, `unknown-domain` for bytes per token of a domain that
 * is not there while another has none
 */
export function evaluationUnits(
  { evaluationDomains, lossUnit, metrics = {} }: Pick<Draft, 'evaluationDomains' | 'lossUnit' | 'metrics'>,
  bytesPerToken?: BytesPerToken,
): { units: EvaluationUnit[]; findings: Finding[] } {
  const units = evaluationDomains.map((domain): EvaluationUnit => {
    const metric = Object.hasOwn(metrics, domain) ? metrics[domain] : undefined;
    if (metric === 'bpb' || (metric === undefined && lossUnit === 'bpb')) {
      const bytes = bytesOf(domain, bytesPerToken);
      if (bytes === undefined) return { domain, metric: 'bpb', toNats };
      return { domain, toNats: loss => loss * bytes * Math.LN2 };
    }
    if (metric !== undefined) return { domain, metric, toNats };
    if (lossUnit === 'bits') return { domain, toNats: loss => loss * Math.LN2 };
    return { domain, toNats: lossUnit === 'perplexity' ? Math.log : toNats };
  });
  const kept = units.flatMap(({ domain, metric }) => (metric === 'bpb' ? [domain] : []));
  if (kept.length > 0) requireKnown(bytesPerToken, evaluationDomains);
  const findings = findingOf('note', 'bits-per-byte', kept, n => {
    return `${counted(n, 'evaluation domain')} in bits per byte, kept as they are; --bytes-per-token converts them to nats per token`;
  });
  return { units, findings };
}

function toNats(loss: number): number {
  return loss;
}

function requireKnown(bytesPerToken: BytesPerToken | undefined, domains: readonly string[]): void {
  if (typeof bytesPerToken !== 'object') return;
  const unknown = Object.keys(bytesPerToken).find(name => !domains.includes(name));
  if (unknown === undefined) return;
  throw new BimixError('unknown-domain', `unknown evaluation domain "${unknown}" in the bytes per token`, {
    hint: didYouMean(unknown, domains),
  });
}

function bytesOf(domain: string, bytesPerToken: BytesPerToken | undefined): number | undefined {
  const bytes =
    typeof bytesPerToken !== 'object'
      ? bytesPerToken
      : Object.hasOwn(bytesPerToken, domain)
        ? namedValue(bytesPerToken, domain)
        : undefined;
  if (bytes === undefined || (bytes > 0 && bytes < Number.POSITIVE_INFINITY)) return bytes;
  throw new BimixError('invalid-bytes-per-token', `invalid bytes per token of "${domain}": ${bytes}, expected above 0`);
}
