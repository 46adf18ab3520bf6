/** The ways to choose a mixture that the experiment compares, and the mixtures they choose. */

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseLaws } from '../../src/laws/index.ts';
import { bimix, bimixOnce } from './command-line.ts';
import { regmixChoice } from './regmix-choice.ts';

export interface Choice {
  readonly name: string;
  /** In the page's words. */
  readonly how: string;
  /** Law that is fitted to the proxies, where one is. */
  readonly law?: string;
}

export const REFERENCE = 'uniform';

export const CHOICES: readonly Choice[] = [
  { name: REFERENCE, how: 'the same share of tokens for every domain' },
  { name: 'size', how: 'in proportion to the text there is' },
  { name: 'entropy', how: 'in proportion to exp(conditional entropy) of bytes, no training (Ge et al. 2024)' },
  { name: 'bimix', how: 'optimum of the published BiMix law', law: 'bimix' },
  { name: 'bimix-transfer', how: 'optimum of BiMix with transfer between domains', law: 'bimix-transfer' },
  { name: 'stack', how: 'optimum of the stack of BiMix laws', law: 'stack' },
  { name: 'exponential', how: "optimum of Ye et al.'s exponential law", law: 'exponential' },
  { name: 'regmix', how: 'boosted trees, mean of the best 128 of 100,000 draws (Liu et al. 2024)', law: 'trees' },
];

export interface ChoiceSetting {
  /** Of the dataset's files. */
  readonly folder: string;
  readonly domains: readonly string[];
  /** Tokens there are, by domain. */
  readonly available: Readonly<Record<string, number>>;
  /** Of a proxy run: where all laws are asked for their optimum. */
  readonly tokens: number;
}

const lawFile = (law: string): string => `law-${law}.json`;

/**
 * Fits each law to `proxies.runs.jsonl` and writes `choice-NAME.json`, within `bounds.yaml`.
 *
 * @returns argument of `bimix design --mixtures`
 */
export async function chooseMixtures(setting: ChoiceSetting): Promise<string> {
  const { folder, tokens } = setting;
  const files: string[] = [];
  for (const { name, law } of CHOICES) {
    const output = `choice-${name}.json`;
    if (law !== undefined) {
      await bimixOnce(folder, lawFile(law), ['fit', 'proxies.runs.jsonl', '--law', law]);
    }
    if (name === REFERENCE || name === 'size') files.push(name);
    else files.push(`${name}=${output}`);
    if (name === 'entropy') {
      await bimixOnce(folder, output, ['mixture', '--from', 'entropy.json', '--proxy', 'conditional']);
    } else if (name === 'regmix') {
      await writeRegmix(setting, output);
    } else if (law !== undefined) {
      const args = ['optimize', lawFile(law), '--tokens', String(tokens), '--bounds', 'bounds.yaml'];
      await bimixOnce(folder, output, args);
    }
  }
  return files.join(',');
}

async function writeRegmix({ folder, domains, available, tokens }: ChoiceSetting, output: string): Promise<void> {
  const [fitted] = parseLaws(await readFile(path.join(folder, lawFile('trees')), 'utf8'), lawFile('trees'));
  const total = domains.reduce((sum, domain) => sum + available[domain], 0);
  const centre = Float64Array.from(fitted.trainingDomains, domain => available[domain] / total);
  const shares = regmixChoice(fitted, centre, tokens, 0);
  const mixture = Object.fromEntries(fitted.trainingDomains.map((domain, j) => [domain, shares[j]]));
  await writeFile(path.join(folder, output), `${JSON.stringify(mixture)}\n`);
}

/** Errors of each law's own predictions of the chosen mixtures, trained at the size of the proxies. */
export async function verifyLaws(folder: string): Promise<Record<string, unknown>> {
  const verified: Record<string, unknown> = {};
  for (const { law } of CHOICES) {
    if (law === undefined) continue;
    verified[law] = JSON.parse(await bimix(folder, ['verify', lawFile(law), 'trials.runs.jsonl', '--json']));
  }
  return verified;
}
