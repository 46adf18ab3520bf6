/** What to know before a number is trusted: of the import, the fit and the optimum. */

import { type Html, html, sentence } from '../html.ts';
import type { ReportContext } from '../report-context.ts';
import type { Section } from './section.ts';

export interface ReportWarning {
  readonly source: 'import' | 'fit' | 'optimum' | 'budget path' | 'entropy';
  readonly code: string;
  readonly message: string;
  /** Notes of the import are not. */
  readonly severe: boolean;
}

/** Optimum first, for it is what is acted on. */
export function reportWarnings({ input, fitted }: ReportContext): readonly ReportWarning[] {
  const of = (source: ReportWarning['source'], warnings: readonly { code: string; message: string }[]) =>
    warnings.map(({ code, message }): ReportWarning => ({ source, code, message, severe: true }));
  const findings = (input.findings ?? [])
    .filter(({ kind }) => kind !== 'note')
    .map(({ code, message, kind }): ReportWarning => {
      return { source: 'import', code, message, severe: kind === 'suspicion' };
    });
  const all = [
    ...of('optimum', input.proposal?.warnings ?? []),
    ...of('fit', fitted.warnings),
    ...findings,
    ...of('entropy', input.entropy?.warnings ?? []),
  ];
  const seen = new Set<string>();
  return all.filter(({ message }) => !seen.has(message) && seen.add(message));
}

/** Warnings of one kind and source beyond these are folded up. */
const SHOWN_OF_A_KIND = 3;

export const warningsSection: Section = {
  id: 'warnings',
  title: 'Read before you trust a number',
  body: context => warningList(reportWarnings(context)),
};

/** Warnings by kind; null when there are none. */
export function warningList(warnings: readonly ReportWarning[]): Html | null {
  const groups = new Map<string, ReportWarning[]>();
  for (const warning of warnings) {
    const key = `${warning.source}:${warning.code}`;
    groups.set(key, [...(groups.get(key) ?? []), warning]);
  }
  return groups.size === 0 ? null : html`${[...groups.values()].map(drawGroup)}`;
}

function drawGroup(group: readonly ReportWarning[]): Html {
  const shown = group.slice(0, SHOWN_OF_A_KIND);
  const folded = group.slice(SHOWN_OF_A_KIND);
  return html`<ul class="warnings">${shown.map(drawWarning)}</ul>${
    folded.length === 0
      ? null
      : html`<details><summary>${folded.length} more of this kind</summary><ul class="warnings">${folded.map(drawWarning)}</ul></details>`
  }`;
}

function drawWarning({ source, code, message, severe }: ReportWarning): Html {
  return html`<li${severe ? null : html` class="note"`}>${sentence(message)} <span class="source">(${source}, ${code})</span></li>\n`;
}
