/** `bimix presets`: published mixtures that can be named wherever a mixture file is taken. */

import type { Command } from '@commander-js/extra-typings';
import { findPreset, listPresets, mixtureToRecord, type Preset } from '../mixture/index.ts';
import { percent } from './number-text.ts';
import { heading, printJson, printText } from './print.ts';
import { textTable } from './text-table.ts';

export function addPresets(program: Command): void {
  program
    .command('presets')
    .summary('list published mixtures, usable by name')
    .description('Lists published mixtures, or shows one. A name works wherever a mixture file does.')
    .argument('[name]', 'one mixture, for example slimpajama/doremi')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix presets
  $ bimix presets slimpajama/ce
  $ bimix optimize law.json --tokens 100B --reference slimpajama/doremi`,
    )
    .action((name, options) => {
      const presets = name === undefined ? listPresets() : [findPreset(name)];
      if (options.json) printJson(presets.map(presetJson));
      else if (name === undefined) printText(presetList(presets));
      else printText(...presetDetails(presets[0]));
    });
}

function presetJson({ name, description, source, mixture }: Preset): object {
  return { name, description, source, unit: 'share of tokens', mixture: mixtureToRecord(mixture) };
}

function presetList(presets: readonly Preset[]): string {
  return textTable(
    ['name', '>domains', 'what it is', 'source'],
    presets.map(({ name, description, source, mixture }) => [
      name,
      String(mixture.domains.length),
      description,
      source,
    ]),
  );
}

function presetDetails({ name, description, source, mixture }: Preset): string[] {
  const rows = mixture.domains.map((domain, j) => [domain, percent(mixture.proportions[j])]);
  return [`${heading(name)}: ${description}\n${source}`, textTable(['domain', '>share of tokens'], rows)];
}
