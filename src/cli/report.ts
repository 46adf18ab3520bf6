/** `bimix report`: everything known of runs, law and mixture, as one HTML file. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { BimixError } from '../errors/index.ts';
import { bimixVersion, readDomainNumbers, writeWholeFile } from '../files/index.ts';
import {
  type Evidence,
  evaluate,
  type FitLawOptions,
  lawForecaster,
  meanBaseline,
  nearestBaseline,
} from '../fitting/index.ts';
import { readRuns } from '../importers/index.ts';
import { bimix, type FittedLaw, findLaw, predictLosses } from '../laws/index.ts';
import { listPresets, mixtureToRecord, renameDomains } from '../mixture/index.ts';
import {
  evaluationTargets,
  parseWhere,
  type RunTable,
  sameSize,
  selectRuns,
  selectWhere,
  splitRuns,
} from '../observations/index.ts';
import {
  type BudgetPath,
  budgetPath,
  geometricVolumes,
  type OptimizeOptions,
  type Proposal,
  proposeMixture,
  resolveVolume,
} from '../optimize/index.ts';
import { type ReferenceMixture, renderCharts, renderReport, svgToPng } from '../report/index.ts';
import { readLaw, SIZE_HELP, volumeOption } from './law-argument.ts';
import { readNamedMixture } from './mixture-argument.ts';
import { sayWritten } from './print.ts';
import { startProgress } from './progress.ts';
import { SHARE_HELP, shareOptions } from './share-options.ts';

export function addReport(program: Command): void {
  program
    .command('report')
    .summary('write one HTML file with data, law, evidence and optimum')
    .description(
      'Writes one self-contained HTML file, readable offline and printable: the runs, the law, how well it predicts held-out runs, the optimum beside reference mixtures, and how it moves with the budget.',
    )
    .argument('<runs>', 'runs.jsonl, from bimix import')
    .argument('<law>', 'law.json, from bimix fit')
    .argument('[mixtures...]', 'mixtures to show beside the optimum: files or names of presets')
    .requiredOption('-o, --output <file>', 'where to write the report')
    .option('--tokens <count>', 'training tokens of the optimum (default: the largest volume of the runs)')
    .option('--steps <count>', 'training steps of the optimum, for laws fitted in steps')
    .option('--size <size>', SIZE_HELP)
    .option('--split <form>', 'how runs are held out for the evidence, as in bimix evaluate', 'kfold:5')
    .option('--seed <number>', 'seed of the split', '0')
    .option('--available <file>', SHARE_HELP.available)
    .option('--max-epochs <number>', SHARE_HELP.maxEpochs)
    .option('--bounds <file>', SHARE_HELP.bounds)
    .option('--weights <file>', SHARE_HELP.weights)
    .option('--reference <mixture>', SHARE_HELP.reference)
    .option('--pull <number>', SHARE_HELP.pull)
    .option('--title <text>', 'title of the report')
    .option('--date <date>', 'date to print (default: now)')
    .option('--svg <folder>', 'write each chart as SVG too')
    .option('--png <folder>', 'write each chart as PNG too')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix report runs.jsonl law.json -o report.html
  $ bimix report runs.jsonl law.json mixture.yaml slimpajama/doremi --tokens 100B -o report.html
  $ bimix report runs.jsonl law.json -o report.html --png charts/`,
    )
    .action(async (runsPath, lawPath, mixtures, options) => {
      const fitted = await readLaw(lawPath, options.size);
      const table = runsOfLaw((await readRuns(runsPath)).table, fitted);
      const asked = volumeOption(options) ?? defaultVolume(fitted);
      const shape = await shareOptions(options, fitted);
      const withVolume = { ...shape, ...(asked === undefined ? {} : { volume: asked }) };
      const evidence = heldOut(table, fitted, options.split, Number(options.seed));
      const proposal = proposeMixture(fitted, withVolume);
      const available =
        options.available === undefined ? {} : await readDomainNumbers(options.available, 'tokens available');
      const input = {
        title: options.title ?? 'Which data mixture?',
        generated: options.date ?? new Date().toISOString(),
        version: bimixVersion(),
        table,
        fitted: [fitted],
        evidence,
        proposal,
        references: await references(fitted, mixtures, withVolume, available),
        path: pathOf(fitted, proposal, shape),
        findings: null,
        commands: commandLines(runsPath, lawPath, mixtures, fitted),
      };
      await writeWholeFile(options.output, await renderReport(input));
      sayWritten(options.output, 'open it in a browser');
      if (options.svg !== undefined || options.png !== undefined) {
        await writeCharts(await renderCharts(input), options.svg, options.png);
      }
    });
}

/** The runs the law was fitted on, by size and selection. */
function runsOfLaw(table: RunTable, { size, settings }: FittedLaw): RunTable {
  const ofSize =
    size === undefined
      ? table
      : selectRuns(table, run => table.runs[run].size === undefined || sameSize(table.runs[run].size ?? 0, size));
  return settings.where === undefined ? ofSize : selectWhere(ofSize, parseWhere(settings.where));
}

function defaultVolume({ volume }: FittedLaw): OptimizeOptions['volume'] {
  return volume.unit === 'none' ? undefined : { unit: volume.unit, value: volume.largest };
}

/** The law of the report, beside the published BiMix and the baselines, fitted again on each fold. */
function heldOut(table: RunTable, fitted: FittedLaw, split: string, seed: number): Evidence {
  const settings: FitLawOptions = {
    robust: fitted.settings.robust,
    ...(fitted.settings.lambda === undefined ? {} : { lambda: fitted.settings.lambda }),
    warmUp: fitted.warmUp.rule !== 'off',
  };
  const targets = evaluationTargets(
    table,
    fitted.targets.map(({ target }) => target),
  );
  const beside =
    fitted.law === bimix.name || fitted.targets.some(({ own }) => own === null) ? [] : [lawForecaster(bimix)];
  const forecasters = [lawForecaster(findLaw(fitted.law), settings), ...beside, meanBaseline, nearestBaseline];
  const progress = startProgress('holding out runs');
  const evidence = evaluate(table, forecasters, splitRuns(table, split, seed), {
    targets,
    onProgress: progress.update,
  });
  progress.end();
  return evidence;
}

/** The mixtures named, and the published ones of the same domains. */
async function references(
  fitted: FittedLaw,
  texts: readonly string[],
  options: OptimizeOptions,
  available: Readonly<Record<string, number>>,
): Promise<ReferenceMixture[]> {
  const { trainingDomains } = fitted;
  const { atFit, tokens } = resolveVolume(fitted, options.volume);
  const named = await Promise.all(texts.map(text => readNamedMixture(text, trainingDomains)));
  const uniform = {
    name: 'uniform',
    shares: new Float64Array(trainingDomains.length).fill(1 / trainingDomains.length),
  };
  const published = publishedFor(trainingDomains).filter(({ name }) => !named.some(given => given.name === name));
  return [...named, ...published, uniform].map(({ name, shares }) => ({
    name,
    mixture: mixtureToRecord({ domains: trainingDomains, proportions: shares }),
    losses: predictLosses(fitted, shares, atFit),
    epochs: Object.fromEntries(
      trainingDomains.map((domain, j) => {
        const there = available[domain];
        return [domain, tokens === null || !(there > 0) ? null : (shares[j] * tokens) / there];
      }),
    ),
  }));
}

/** The data set's own proportions, DoReMi's and the entropies', where a published data set has exactly these domains. */
function publishedFor(domains: readonly string[]): { name: string; shares: Float64Array }[] {
  return listPresets().flatMap(({ name, mixture }) => {
    if (mixture.domains.length !== domains.length) return [];
    try {
      return [{ name, shares: renameDomains(mixture, domains).proportions }];
    } catch {
      // Another data set with as many domains.
      return [];
    }
  });
}

/** From a tenth of the proposal's volume to ten times it. */
function pathOf(fitted: FittedLaw, { volume }: Proposal, options: Omit<OptimizeOptions, 'volume'>): BudgetPath | null {
  if (volume.unit === 'none' || volume.value === null) return null;
  const volumes = geometricVolumes(volume.value / 10, volume.value * 10, 9);
  // Tokens available x epochs may leave no mixture at the larger budgets: the path goes as far as there is one.
  for (let count = volumes.length; count > 1; count--) {
    try {
      return budgetPath(fitted, volume.unit, volumes.slice(0, count), options);
    } catch (error) {
      if (!(error instanceof BimixError)) throw error;
    }
  }
  return null;
}

async function writeCharts(
  charts: readonly { readonly name: string; readonly svg: string }[],
  svgFolder: string | undefined,
  pngFolder: string | undefined,
): Promise<void> {
  if (svgFolder !== undefined) {
    await mkdir(svgFolder, { recursive: true });
    for (const { name, svg } of charts) await writeWholeFile(join(svgFolder, `${name}.svg`), svg);
    sayWritten(svgFolder, `${charts.length} charts`);
  }
  if (pngFolder !== undefined) {
    await mkdir(pngFolder, { recursive: true });
    for (const { name, svg } of charts) await writeWholeFile(join(pngFolder, `${name}.png`), await svgToPng(svg));
    sayWritten(pngFolder, `${charts.length} charts`);
  }
}

function commandLines(runs: string, law: string, mixtures: readonly string[], fitted: FittedLaw): string[] {
  const where = fitted.settings.where === undefined ? '' : ` --where '${fitted.settings.where}'`;
  return [
    `bimix fit ${runs} --law ${fitted.law}${where} -o ${law}`,
    `bimix evaluate ${runs} --law ${fitted.law}${where}`,
    ['bimix report', runs, law, ...mixtures, '-o report.html'].join(' '),
  ];
}
