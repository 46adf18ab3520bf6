/** A mixture named on the command line: a file or the name of a published one. */

import { existsSync } from 'node:fs';
import { readMixtureFile } from '../files/index.ts';
import { alignMixture, findPreset, listPresets, type Mixture, renameDomains } from '../mixture/index.ts';

export interface NamedMixture {
  /** As given: the preset's name or the file's path. */
  readonly name: string;
  /** Share of tokens in the order of the training domains asked for. */
  readonly shares: Float64Array;
}

/**
 * @param text a file, or a preset such as `slimpajama/doremi` when there is no file of that name
 * @param domains training domains that the shares are wanted in
 */
export async function readNamedMixture(text: string, domains: readonly string[]): Promise<NamedMixture> {
  const isPreset = !existsSync(text) && listPresets().some(({ name }) => name === text);
  if (isPreset) return { name: text, shares: renameDomains(findPreset(text).mixture, domains, text).proportions };
  const looksLikePreset = !existsSync(text) && /^[\w-]+\/[\w-]+$/.test(text);
  const mixture: Mixture = looksLikePreset ? findPreset(text).mixture : await readMixtureFile(text);
  return { name: text, shares: alignMixture(mixture, domains, text) };
}
