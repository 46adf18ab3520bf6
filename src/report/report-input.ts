/** Everything a report says, as data: nothing is read, fitted or optimized while it is made. */

import type { EntropyResults } from '../entropy/index.ts';
import type { Comparison, Evidence, Verification } from '../evidence/index.ts';
import type { FittedLaw } from '../laws/index.ts';
import type { Finding, RunTable } from '../observations/index.ts';
import type { BudgetPath, LossByDomain, ParetoFront, Proposal } from '../optimize/index.ts';

/** A mixture to stand beside the proposed one. */
export interface ReferenceMixture {
  readonly name: string;
  /** Share of tokens by training domain. */
  readonly mixture: Readonly<Record<string, number>>;
  /** Predicted losses at the proposal's volume; null when not predicted. */
  readonly losses: LossByDomain | null;
  /** Times the available tokens are read, by training domain; null where not known. */
  readonly epochs: Readonly<Record<string, number | null>> | null;
}

export interface ReportInput {
  readonly title: string;
  /** ISO date and time the report is made at. */
  readonly generated: string;
  /** bimix's version. */
  readonly version: string;
  readonly table: RunTable;
  /** The laws of `law.json`. The first is the one reported; the others are listed with their coefficients. */
  readonly fitted: readonly FittedLaw[];
  /** Held-out figures, of the first law and others; null when none were measured. */
  readonly evidence: Evidence | null;
  /** The law's predictions of runs made after it was fitted; null when there are none. */
  readonly verification: Verification | null;
  /** Every law on these runs, as `bimix compare` measured them; null when they were not compared. */
  readonly comparison: Comparison | null;
  readonly proposal: Proposal | null;
  readonly references: readonly ReferenceMixture[];
  /** The best mixture at each of several budgets, ascending. */
  readonly path: BudgetPath | null;
  /** What two groups of evaluation domains cost each other; null when not asked. */
  readonly front: ParetoFront | null;
  /** What the import noticed; null when not known. */
  readonly findings: readonly Finding[] | null;
  /** Entropies of the domains, as `bimix entropy` measured them; null when they were not measured. */
  readonly entropy: EntropyResults | null;
  /** What to do, in sentences, and whether the runs carry that decision; null where nobody asked. */
  readonly decision: { readonly sentence: string; readonly instead: string; readonly carries: boolean } | null;
  /** Command lines that make this report again. */
  readonly commands: readonly string[];
}
