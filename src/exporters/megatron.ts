/**
 * A mixture as the `--data-path` argument of Megatron-LM: weights and data prefixes in turn.
 *
 * Written for megatron-core 0.13 (`get_blend_from_list` in megatron/core/datasets/utils.py, `BlendedDataset`), which
 * normalises the weights, counts them in samples of one length, so in tokens, and asserts that each is above 0.
 */

import { BimixError } from '../errors/index.ts';
import type { Warning } from '../laws/index.ts';
import { exactDecimals } from './decimals.ts';
import type { Exporter, ExportOptions } from './exporter.ts';
import { describeDraw, headerLines, roundedAway } from './mixture-sheet.ts';

export const megatron: Exporter = {
  name: 'megatron',
  title: 'Megatron-LM --data-path line (megatron-core 0.13)',
  extensions: [],
  needsPaths: true,
  /** @throws BimixError `missing-path` or `invalid-path` */
  write(sheet, options = {}) {
    const { domains, proportions } = sheet.mixture;
    const decimals = exactDecimals(proportions, options.digits);
    const drawn = domains.flatMap((domain, j) => (Number(decimals[j]) > 0 ? [{ domain, weight: decimals[j] }] : []));
    const leftOut = domains.filter((_, j) => Number(decimals[j]) === 0);
    const prefixes = drawn.map(({ domain }) => dataPrefix(domain, options.paths));
    const comments = headerLines(sheet);
    for (const { domain } of drawn) {
      const draw = describeDraw(sheet, domain);
      if (draw !== '') comments.push(`${oneLine(domain)}: ${draw}`);
    }
    const warnings: Warning[] = roundedAway(sheet, decimals);
    if (leftOut.length > 0) {
      const message = `left out, because Megatron-LM takes no weight of 0: ${leftOut.map(oneLine).join(', ')}`;
      comments.push(`${message}.`);
      warnings.push({ code: 'left-out', message });
    }
    const pairs = drawn.map(({ weight }, k) => `${weight} ${prefixes[k]}`);
    const lines = [...comments.map(line => `# ${line}`), `--data-path ${pairs.join(' ')}`];
    return { text: `${lines.join('\n')}\n`, warnings };
  },
};

function dataPrefix(domain: string, paths: ExportOptions['paths']): string {
  if (paths === undefined) {
    throw new BimixError('missing-path', `missing data path of "${domain}": Megatron-LM draws from files`, {
      hint: 'Give a template such as /data/{domain}_text_document, or a file of "domain: path" lines.',
    });
  }
  const prefix = typeof paths === 'string' ? fromTemplate(paths, domain) : paths[domain];
  if (prefix === undefined || prefix === '') {
    throw new BimixError('missing-path', `missing data path of "${domain}"`, {
      hint: `Add a line "${domain}: /path".`,
    });
  }
  if (/\s/.test(prefix)) {
    const message = `invalid data path of "${domain}": "${prefix}" has a space, and Megatron-LM splits at spaces`;
    throw new BimixError('invalid-path', message, {
      hint: 'Give paths without spaces, in a file of "domain: path" lines if the domain names have some.',
    });
  }
  if (/\.(bin|idx)$/.test(prefix)) {
    throw new BimixError('invalid-path', `invalid data path of "${domain}": "${prefix}" is a file, not a prefix`, {
      hint: `Leave the ending out: ${prefix.slice(0, -4)}`,
    });
  }
  return prefix;
}

function fromTemplate(template: string, domain: string): string {
  if (template.includes('{domain}')) return template.replaceAll('{domain}', domain);
  throw new BimixError('invalid-path', `invalid template of data paths "${template}": it has no {domain}`, {
    hint: 'Write it as /data/{domain}_text_document.',
  });
}

function oneLine(name: string): string {
  return name.replace(/\s+/g, ' ');
}
