/** A mixture with all that an exported file should say about it. */

import type { FittedLaw, Warning } from '../laws/index.ts';
import { formatQuantity, type Mixture } from '../mixture/index.ts';
import type { Proposal } from '../optimize/index.ts';

export interface MixtureSheet {
  /** Shares of tokens. */
  readonly mixture: Mixture;
  /** bimix's version. */
  readonly version: string;
  /** When it was made, as YYYY-MM-DD. */
  readonly date: string;
  /** The law it comes from, if one. */
  readonly law?: {
    readonly name: string;
    /** Runs it was fitted on. */
    readonly runs: number;
    /** Model size of the runs, parameters. */
    readonly size?: number;
  };
  /** Where anything random had a part in it. */
  readonly seed?: number;
  /** How long the training is that it is meant for. */
  readonly volume?: { readonly unit: 'tokens' | 'steps'; readonly value: number };
  /** Tokens drawn from each domain. */
  readonly tokens?: Readonly<Record<string, number>>;
  /** Tokens drawn / tokens available of each domain; null where not known. */
  readonly epochs?: Readonly<Record<string, number | null>>;
}

/** @param date as YYYY-MM-DD */
export function sheetOfProposal(
  fitted: FittedLaw,
  proposal: Proposal,
  made: { version: string; date: string },
): MixtureSheet {
  const { mixture, tokens, epochs, volume } = proposal;
  return {
    mixture: { domains: Object.keys(mixture), proportions: Float64Array.from(Object.values(mixture)) },
    ...made,
    law: {
      name: fitted.law,
      runs: fitted.covered.runs.length,
      ...(fitted.size === undefined ? {} : { size: fitted.size }),
    },
    ...(volume.unit === 'none' || volume.value === null ? {} : { volume: { unit: volume.unit, value: volume.value } }),
    ...(tokens === null ? {} : { tokens }),
    epochs,
  };
}

/** What the file says of itself, one line each, without comment signs. */
export function headerLines(sheet: MixtureSheet): string[] {
  const { law, seed, volume, version, date } = sheet;
  const lines = ['Shares of tokens, not of documents or samples; they sum to exactly 1.'];
  const budget = volume === undefined ? '' : ` for ${formatQuantity(volume.value)} ${volume.unit}`;
  lines.push(`Mixture${budget} written by bimix ${version} on ${date}.`);
  if (law !== undefined) {
    const size = law.size === undefined ? '' : ` of ${formatQuantity(law.size)} parameters`;
    lines.push(`Law: ${law.name}, fitted on ${law.runs} ${law.runs === 1 ? 'run' : 'runs'}${size}.`);
  }
  if (seed !== undefined) lines.push(`Seed: ${seed}.`);
  return lines;
}

/** `12B tokens, 2.4 epochs`; '' when neither is known. */
export function describeDraw(sheet: MixtureSheet, domain: string): string {
  const tokens = sheet.tokens?.[domain];
  const epochs = sheet.epochs?.[domain] ?? null;
  const words: string[] = [];
  if (tokens !== undefined) words.push(`${formatQuantity(tokens)} tokens`);
  if (epochs !== null) words.push(`${Number(epochs.toPrecision(3))} epochs`);
  return words.join(', ');
}

/** Domains whose positive share is 0 in the decimals written. */
export function roundedAway({ mixture }: MixtureSheet, decimals: readonly string[]): Warning[] {
  return mixture.domains.flatMap((domain, j) => {
    if (Number(decimals[j]) > 0 || mixture.proportions[j] === 0) return [];
    const share = mixture.proportions[j].toExponential(1);
    const message = `the share of "${domain}", ${share}, is 0 at ${decimals[j].length - 2} digits`;
    return [{ code: 'rounded-away', message, domain }];
  });
}
