/** The exporters there are. A new trainer is one file and one line here. */

import { BimixError, didYouMean } from '../errors/index.ts';
import { csv } from './csv.ts';
import type { Exporter } from './exporter.ts';
import { json } from './json.ts';
import { megatron } from './megatron.ts';
import { yaml } from './yaml.ts';

/** Every exporter, by the name used on the command line. */
export const EXPORTERS: readonly Exporter[] = [yaml, json, csv, megatron];

/** @throws BimixError `unknown-exporter` */
export function findExporter(name: string): Exporter {
  const exporter = EXPORTERS.find(candidate => candidate.name === name);
  if (exporter === undefined) {
    const names = EXPORTERS.map(candidate => candidate.name);
    throw new BimixError('unknown-exporter', `unknown exporter "${name}"`, { hint: didYouMean(name, names) });
  }
  return exporter;
}

/**
 * The exporter that a file's ending asks for.
 *
 * @throws BimixError `unknown-exporter`
 */
export function exporterForFile(path: string): Exporter {
  const exporter = EXPORTERS.find(({ extensions }) => extensions.some(ending => path.toLowerCase().endsWith(ending)));
  if (exporter === undefined) {
    const endings = EXPORTERS.flatMap(({ extensions }) => extensions).join(', ');
    throw new BimixError('unknown-exporter', `unknown kind of mixture file ${path}`, {
      hint: `Known endings: ${endings}.`,
    });
  }
  return exporter;
}
