/** What a section of the report is. */

import type { Html } from '../html.ts';
import type { ReportContext } from '../report-context.ts';

/** Figures by name, drawn once; null for those that this report does not have. */
type FigureLookup = (name: string) => Html | null;

export interface Section<Context = ReportContext> {
  readonly id: string;
  readonly title: string;
  /** Null when there is nothing to say. */
  readonly body: (context: Context, figure: FigureLookup) => Html | null;
}
