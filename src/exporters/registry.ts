/** The exporters there are. A new one is one file and one line here. */

import { extname } from 'node:path';
import { BimixError, didYouMean } from '../errors/index.ts';
import { isStandardOutput } from '../files/index.ts';
import { csv } from './csv.ts';
import type { Exporter } from './exporter.ts';
import { json } from './json.ts';
import { megatron } from './megatron.ts';
import { yaml } from './yaml.ts';

export const EXPORTERS: readonly Exporter[] = [yaml, json, csv, megatron];

/** @throws BimixError `unknown-format` */
export function findExporter(name: string): Exporter {
  const exporter = EXPORTERS.find(candidate => candidate.name === name);
  if (exporter !== undefined) return exporter;
  const names = EXPORTERS.map(candidate => candidate.name);
  throw new BimixError('unknown-format', `unknown export format "${name}"`, { hint: didYouMean(name, names) });
}

/** The exporter that a file's name asks for; YAML for standard output. @throws BimixError `unknown-format` */
export function exporterOfFile(path: string): Exporter {
  if (isStandardOutput(path)) return yaml;
  const extension = extname(path).toLowerCase();
  const exporter = EXPORTERS.find(({ extensions }) => extensions.includes(extension));
  if (exporter !== undefined) return exporter;
  const known = EXPORTERS.flatMap(({ extensions }) => extensions).join(', ');
  throw new BimixError('unknown-format', `unknown format of ${path}: its name ends in none of ${known}`, {
    hint: 'Give the file one of those endings, or name the format: bimix export --to.',
  });
}
