/** All commands. A new one is one file and one line here. */

import { Command } from '@commander-js/extra-typings';
import { bimixVersion } from '../files/index.ts';
import { addCollect } from './collect.ts';
import { addCompare } from './compare.ts';
import { addDecide } from './decide.ts';
import { addDesign } from './design.ts';
import { addEntropy } from './entropy.ts';
import { addEvaluate } from './evaluate.ts';
import { addExport } from './export.ts';
import { addFit } from './fit.ts';
import { addImport } from './import.ts';
import { addInit } from './init.ts';
import { addLawModules } from './law-module-option.ts';
import { addMixture } from './mixture.ts';
import { addNext } from './next.ts';
import { addOptimize } from './optimize.ts';
import { addPareto } from './pareto.ts';
import { addPath } from './path.ts';
import { addPredict } from './predict.ts';
import { addPresets } from './presets.ts';
import { addQuickstart } from './quickstart.ts';
import { addReport } from './report.ts';
import { addRun } from './run.ts';
import { addStatus } from './status.ts';
import { checkStreams, STREAM_HELP } from './stream-arguments.ts';
import { write, writeError } from './terminal.ts';
import { addVerify } from './verify.ts';
import { addWatch } from './watch.ts';

const INTRODUCTION =
  'Data mixtures for language-model pretraining, from evidence: import the losses of training runs, fit a law to them, check on held-out runs how far it can be trusted, and find the best proportions for a token budget. Weights are shares of tokens; losses are nats per token.';

const EXAMPLES = `
Examples:
  $ bimix import slimpajama.csv -o runs.jsonl
  $ bimix evaluate runs.jsonl --where size=122M
  $ bimix fit runs.jsonl --where size=122M --law bimix-transfer -o law.json
  $ bimix optimize law.json --tokens 100B -o mixture.yaml
  $ bimix report runs.jsonl law.json mixture.yaml -o report.html

${STREAM_HELP}

Exit codes: 0 done, 1 wrong input, 2 wrong command line, 3 a fault of bimix, 4 an alarm under watch --check.`;

export function makeProgram(): Command {
  const program = new Command('bimix')
    .description(INTRODUCTION)
    .version(bimixVersion())
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: writeError })
    .hook('preAction', (_, command) => checkStreams(command))
    .enablePositionalOptions()
    .showHelpAfterError('(bimix COMMAND --help shows what a command takes)')
    .configureHelp({ helpWidth: 110 })
    .addHelpText('after', EXAMPLES);
  addDecide(program);
  addImport(program);
  addFit(program);
  addEvaluate(program);
  addCompare(program);
  addPredict(program);
  addVerify(program);
  addWatch(program);
  addOptimize(program);
  addPath(program);
  addPareto(program);
  addQuickstart(program);
  addInit(program);
  addDesign(program);
  addRun(program);
  addStatus(program);
  addCollect(program);
  addNext(program);
  addReport(program);
  addEntropy(program);
  addMixture(program);
  addExport(program);
  addPresets(program);
  addLawModules(program);
  return program;
}
