/** --law-module, on every command that works with laws. */

import { type Command, Option } from '@commander-js/extra-typings';
import { loadLawModules } from './law-module.ts';
import { collect } from './selected-runs.ts';

/** Commands that fit laws or read fitted ones. */
const COMMANDS: ReadonlySet<string> = new Set([
  'fit',
  'evaluate',
  'compare',
  'predict',
  'optimize',
  'path',
  'pareto',
  'report',
  'watch',
  'next',
  'verify',
]);

/** Gives every command that works with laws --law-module, and loads the modules before any of them runs. */
export function addLawModules(program: Command): void {
  for (const command of program.commands) {
    if (!COMMANDS.has(command.name())) continue;
    const option = new Option(
      '--law-module <file>',
      'JavaScript module of a law of your own; it is run (repeatable)',
    ).argParser(collect);
    command.addOption(option.default([]));
  }
  program.hook('preAction', async (_, command) => {
    const { lawModule } = command.opts() as { lawModule?: readonly string[] };
    await loadLawModules(lawModule ?? []);
  });
}
