/** The proposed mixture: shares, epochs, freedom, and what it is predicted to be worth. */

import { formatChange, formatLoss, formatShare, roundQuantity } from '../../charts/index.ts';
import { namedValue } from '../../mixture/index.ts';
import { type Proposal, referenceInWords } from '../../optimize/index.ts';
import { budget, referencesOf } from '../figures/mixture.ts';
import { type Html, html } from '../html.ts';
import { numberTable, type TableCell } from '../number-table.ts';
import type { ReportContext } from '../report-context.ts';
import type { Section } from './section.ts';

export const optimumSection: Section = {
  id: 'mixture',
  title: 'The proposed mixture',
  body: (context, figure) => {
    const { proposal } = context.input;
    if (proposal === null) return null;
    return html`<p>This mixture has the lowest predicted objective${budget(proposal)}: ${certificate(proposal)} Shares are of tokens, not of documents.</p>
${intervalsNote(proposal)}
${figure('mixture')}
${boundsNote(proposal)}
${repetitionNote(proposal)}
${mixtureTable(context, proposal)}
${figure('loss-change')}
${lossTable(context, proposal)}
${targetsNote(proposal)}
${figure('pareto-front')}`;
  },
};

function certificate({ gap, method }: Proposal): string {
  const power = Math.ceil(Math.log10(Math.max(gap, 1e-12)) - 1e-9);
  const below = power < 0 ? `10⁻${superscript(String(-power))}` : gap.toPrecision(2);
  return `no other allowed mixture is predicted to be better by more than ${below} nats per token (duality gap; ${method}).`;
}

function superscript(digits: string): string {
  return [...digits].map(digit => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
}

/** What the law predicts of a run at the proposal, and how surely that is better than the reference. */
function intervalsNote({ intervals, reference }: Proposal): Html | null {
  if (intervals === undefined) return null;
  const { level, mean, beatsReference } = intervals;
  return html`<p>A run at this mixture is predicted to have a mean loss of ${formatLoss(mean.loss)} (${percentOf(level)} interval ${formatLoss(mean.lower)} to ${formatLoss(mean.upper)}), and to end below a run at ${referenceInWords(reference.name)} with probability ${probability(beatsReference)}.</p>`;
}

/** Three decimals, and never 0 or 1: neither is certain. */
function probability(value: number): string {
  if (value >= 0.9995) return 'above 0.999';
  return value < 0.0005 ? 'below 0.001' : value.toFixed(3);
}

function percentOf(level: number): string {
  return `${Number((100 * level).toFixed(1))} %`;
}

function boundsNote({ activeBounds }: Proposal): Html | null {
  if (activeBounds.length === 0) return null;
  const words = {
    lower: 'at its lower bound',
    upper: 'at its upper bound',
    'tokens available': 'all tokens available',
  };
  const named = activeBounds.map(({ domain, bound, share }) => `${domain} (${words[bound]}, ${formatShare(share)})`);
  return html`<p>At a bound: ${named.join(', ')}.</p>`;
}

function repetitionNote({ repetition }: Proposal): Html | null {
  if (repetition === null) return null;
  return html`<p>Repeated tokens count for less: after ${repetition.decay} repetitions, the next one is worth 1/e of new tokens (Muennighoff et al. 2023, Eq. 5).</p>`;
}

/** Loss targets, and what the binding ones cost. */
function targetsNote({ targets }: Proposal): Html | null {
  if (targets.length === 0) return null;
  const binding = targets.filter(({ multiplier }) => multiplier > 0);
  if (binding.length === 0) return html`<p>All ${targets.length} loss targets are met, with room to spare.</p>`;
  const named = binding.map(
    ({ target, ceiling, worthOfOnePercent }) =>
      `${target} (at most ${formatLoss(ceiling)}; a target 1 % higher would lower the objective by at most ${worthOfOnePercent.toPrecision(2)} nats)`,
  );
  return html`<p>Loss targets that decide the mixture: ${named.join(', ')}.</p>`;
}

function mixtureTable(context: ReportContext, proposal: Proposal): Html {
  const { domains, table } = context;
  const references = referencesOf(context);
  const withTokens = proposal.tokens !== null;
  const withEpochs = domains.some(
    domain => namedValue(proposal.epochs, domain) !== null && namedValue(proposal.epochs, domain) !== undefined,
  );
  const referenceEpochs = references.filter(({ epochs: read }) =>
    Object.values(read ?? {}).some(times => times !== null),
  );
  const number = (title: string) => ({ title, numeric: true });
  const { intervals } = proposal;
  const sure = intervals?.mixture ?? null;
  const median = (domain: string): number => {
    const j = table.trainingDomains.indexOf(domain);
    const m = table.trainingDomains.length;
    const shares = table.runs.map((_, run) => table.mixtures[run * m + j]).sort((a, b) => a - b);
    return shares[Math.floor(shares.length / 2)];
  };
  return numberTable({
    caption:
      'Shares of tokens of the proposed mixture; room from … to: where a share can be at a cost of 0.1 % of the objective',
    columns: [
      { title: 'training domain' },
      number('proposed'),
      ...(sure === null ? [] : [number(`${percentOf(intervals?.level ?? 0)} from`), number('to')]),
      number('room from'),
      number('to'),
      ...(withTokens ? [number('tokens')] : []),
      ...(withEpochs ? [number('epochs')] : []),
      ...(proposal.repetition === null ? [] : [number('worth in new tokens')]),
      ...references.map(({ name }) => number(name)),
      ...referenceEpochs.map(({ name }) => number(`epochs, ${name}`)),
      number('runs’ median'),
    ],
    rows: domains.map(domain => [
      domain,
      share(proposal.mixture[domain]),
      ...(sure === null ? [] : [share(sure[domain].from), share(sure[domain].to)]),
      share(namedValue(proposal.freedom, domain)?.from),
      share(namedValue(proposal.freedom, domain)?.to),
      ...(withTokens ? [quantity(proposal.tokens?.[domain])] : []),
      ...(withEpochs ? [epochs(namedValue(proposal.epochs, domain))] : []),
      ...(proposal.repetition === null ? [] : [quantity(proposal.repetition.worth[domain])]),
      ...references.map(({ mixture }) => share(mixture[domain])),
      ...referenceEpochs.map(reference => epochs(reference.epochs?.[domain])),
      share(median(domain)),
    ]),
  });
}

function lossTable(context: ReportContext, proposal: Proposal): Html {
  const references = referencesOf(context).filter(({ losses }) => losses !== null);
  const { intervals } = proposal;
  const names = context.targets
    .map(({ target }) => target)
    .filter(target => namedValue(proposal.losses, target) !== undefined);
  return numberTable(
    {
      caption: `Predicted losses, nats per token${budget(proposal)}, and the change from each reference to the proposed mixture`,
      columns: [
        { title: 'evaluation domain' },
        { title: 'proposed', numeric: true },
        ...(intervals === undefined
          ? []
          : [
              { title: `${percentOf(intervals.level)} from`, numeric: true },
              { title: 'to', numeric: true },
            ]),
        ...references.flatMap(({ name }) => [
          { title: name, numeric: true },
          { title: 'change', numeric: true },
        ]),
      ],
      rows: names.map(target => [
        target,
        loss(namedValue(proposal.losses, target)),
        ...(intervals === undefined
          ? []
          : [loss(intervals.losses[target].lower), loss(intervals.losses[target].upper)]),
        ...references.flatMap(({ losses }) => {
          const other = namedValue(losses, target);
          const change = other === undefined ? Number.NaN : proposal.losses[target] / other - 1;
          return [loss(other), { text: Number.isNaN(change) ? '–' : formatChange(change), value: change }];
        }),
      ]),
    },
    true,
  );
}

function share(value: number | undefined): TableCell {
  return value === undefined ? NOTHING : { text: formatShare(value), value };
}

function quantity(value: number | undefined): TableCell {
  return value === undefined ? NOTHING : { text: roundQuantity(value), value };
}

function epochs(value: number | null | undefined): TableCell {
  return value === undefined || value === null ? NOTHING : { text: value.toFixed(2), value };
}

function loss(value: number | undefined): TableCell {
  return value === undefined ? NOTHING : { text: formatLoss(value), value };
}

const NOTHING: TableCell = { text: '–', value: Number.NaN };
