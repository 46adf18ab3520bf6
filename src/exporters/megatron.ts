/**
 * Megatron-LM's blend: `--data-path 0.6 /data/web_text_document 0.4 /data/code_text_document`, weights and path prefixes
 * (without `.bin`) in turn. Weights count fixed-length samples, so tokens. Read by Megatron-LM's `get_blend_from_list`;
 * the argument has no place for comments.
 */

import { BimixError } from '../errors/index.ts';
import { namedValue } from '../mixture/index.ts';
import { decimalShares } from './decimals.ts';
import type { Exporter, ExportOptions } from './exporter.ts';

export const megatron: Exporter = {
  name: 'megatron',
  description: "Megatron-LM's --data-path line; --paths or --template say where each domain's data is",
  extensions: [],
  leavesOutZeros: true,
  write: ({ mixture }, options) => {
    const domainOf = new Map<string, string>();
    const parts = decimalShares(mixture).flatMap((share, j) => {
      // Megatron-LM asserts that every weight is above zero.
      if (Number(share) === 0) return [];
      const domain = mixture.domains[j];
      const path = pathOf(domain, options);
      const other = domainOf.get(path);
      if (other !== undefined) {
        const message = `ambiguous path "${path}": both "${other}" and "${domain}" would be drawn from it`;
        throw new BimixError('ambiguous-path', message, {
          hint: 'Give each domain data of its own: --paths, or a --template with {domain} in it.',
        });
      }
      domainOf.set(path, domain);
      return [share, path];
    });
    return `--data-path ${parts.join(' ')}\n`;
  },
};

function pathOf(domain: string, { paths = {}, template }: ExportOptions): string {
  const path = namedValue(paths, domain) ?? template?.replaceAll('{domain}', domain);
  if (path === undefined || path === '') {
    throw new BimixError('missing-path', `missing path of the data of "${domain}"`, {
      hint: 'Pass --paths with a file of lines such as "web: /data/web_text_document", or --template \'/data/{domain}_text_document\'.',
    });
  }
  if (/\s/.test(path)) {
    throw new BimixError(
      'invalid-path',
      `invalid path "${path}" of "${domain}": Megatron-LM splits the line at spaces`,
      {
        hint: 'Link the data to a path without spaces.',
      },
    );
  }
  return path.replace(/\.(bin|idx)$/, '');
}
