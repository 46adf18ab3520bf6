/** `bimix design --mixtures`: mixtures that the user names, to be trained as they are. */

import { parse } from 'node:path';
import { BimixError } from '../errors/index.ts';
import { type Mixture, makeMixture } from '../mixture/index.ts';
import { nameList } from './fit-settings.ts';
import { readNamedMixture } from './mixture-argument.ts';

/** @param lists entries such as `optimum=mixture.yaml`, `v1.yaml`, `slimpajama/doremi`, `uniform` or `size` */
export async function givenMixtures(
  lists: readonly string[],
  domains: readonly string[],
  available: Readonly<Record<string, number>>,
): Promise<Record<string, Mixture>> {
  const given: Record<string, Mixture> = {};
  for (const entry of lists.flatMap(nameList)) {
    const [name, text] = entry.includes('=') ? splitOnce(entry) : [nameOfMixture(entry), entry];
    if (given[name] !== undefined) {
      throw new BimixError('ambiguous-mixture', `ambiguous mixture "${name}": it is named twice`, {
        hint: 'Give each a name of its own: --mixtures v1=old.yaml,v2=new.yaml.',
      });
    }
    given[name] = await givenMixture(text, domains, available);
  }
  return given;
}

function splitOnce(entry: string): [name: string, text: string] {
  const at = entry.indexOf('=');
  return [entry.slice(0, at).trim(), entry.slice(at + 1).trim()];
}

/** `mixtures/v1.yaml` as `v1`. */
function nameOfMixture(text: string): string {
  return parse(text).name;
}

async function givenMixture(
  text: string,
  domains: readonly string[],
  available: Readonly<Record<string, number>>,
): Promise<Mixture> {
  if (text === 'uniform') return mixtureOf(domains, () => 1);
  if (text !== 'size') {
    const { shares } = await readNamedMixture(text, domains);
    return mixtureOf(domains, j => shares[j]);
  }
  const unknown = domains.find(domain => available[domain] === undefined);
  if (unknown === undefined) return mixtureOf(domains, j => available[domains[j]]);
  throw new BimixError('missing-tokens-available', `missing tokens available of "${unknown}": size needs them of all`, {
    hint: 'Give a file with lines such as "code: 12B", or available: 12B of each domain in bimix.yaml.',
  });
}

function mixtureOf(domains: readonly string[], weight: (j: number) => number): Mixture {
  return makeMixture(Object.fromEntries(domains.map((domain, j) => [domain, weight(j)])), {
    sumTolerance: Number.POSITIVE_INFINITY,
  });
}
