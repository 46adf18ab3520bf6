/** `bimix design --mixtures`: mixtures that the user names, to be trained as they are. */

import { parse } from 'node:path';
import { BimixError } from '../errors/index.ts';
import { type Mixture, parseInlineMixture } from '../mixture/index.ts';
import { nameList } from './fit-settings.ts';
import { readNamedMixture } from './mixture-argument.ts';

/**
 * @param lists entries such as `optimum=mixture.yaml`, `v1.yaml`, `slimpajama/doremi`, `uniform` or `size`, or one mixture
 *   written out, `web=0.6,code=0.4` or `v1=web:0.6,code:0.4`
 * @throws BimixError `ambiguous-mixture` for a name given twice, and as `readNamedMixture`
 */
export async function givenMixtures(
  lists: readonly string[],
  domains: readonly string[],
  tokensAvailable: Readonly<Record<string, number>>,
): Promise<Record<string, Mixture>> {
  const given: Record<string, Mixture> = {};
  for (const [name, text] of lists.flatMap(entriesOf)) {
    if (Object.hasOwn(given, name)) {
      throw new BimixError('ambiguous-mixture', `ambiguous mixture "${name}": it is named twice`, {
        hint: 'Give each a name of its own: --mixtures v1=old.yaml,v2=new.yaml.',
      });
    }
    const { shares } = await readNamedMixture(text, { domains, tokensAvailable });
    given[name] = { domains, proportions: shares };
  }
  return given;
}

/** Name and mixture of each entry. */
function entriesOf(list: string, index: number): [name: string, text: string][] {
  const named = /^\s*([^=:,]+?)\s*=\s*(\S.*)$/.exec(list);
  const writtenOut = named?.[2].includes(':') ? parseInlineMixture(named[2]) : undefined;
  if (named && writtenOut !== undefined) return [[named[1], named[2]]];
  if (parseInlineMixture(list) !== undefined) return [[`mixture-${index + 1}`, list]];
  return nameList(list).map(entry => {
    const at = entry.indexOf('=');
    return at < 0 ? [parse(entry).name, entry] : [entry.slice(0, at).trim(), entry.slice(at + 1).trim()];
  });
}
