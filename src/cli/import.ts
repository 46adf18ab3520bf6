/** `bimix import`: losses of runs made anywhere, as runs.jsonl, and a report of what was understood. */

import { type Command, Option } from '@commander-js/extra-typings';
import { BimixError } from '../errors/index.ts';
import { readDomainNumbers, writeWholeFile } from '../files/index.ts';
import {
  type ColumnMap,
  IMPORTERS,
  type ImportedRuns,
  type ImportOptions,
  importRuns,
  parseColumnFlags,
  readColumnMap,
} from '../importers/index.ts';
import { parseQuantity } from '../mixture/index.ts';
import {
  formatRuns,
  modelSizes,
  ON_CONTRADICTION,
  type OnContradiction,
  SCHEDULES,
  type Schedule,
} from '../observations/index.ts';
import { nameList } from './fit-settings.ts';
import { describeImport } from './import-text.ts';
import { mappingOption } from './map-option.ts';
import { countOf } from './number-text.ts';
import { printJson, printText, sayWritten } from './print.ts';
import { withProgress } from './progress.ts';
import { collect } from './selected-runs.ts';

export function addImport(program: Command): void {
  program
    .command('import')
    .summary('read the losses of runs from logs and tables')
    .description(
      'Reads runs from files or folders of any known format, checks and repairs them, and reports what it understood, what it repaired and what looks suspicious. Losses become nats per token; bits per byte stay bits per byte. Nothing is dropped silently.',
    )
    .argument('<paths...>', 'files or folders; plain or gzip')
    .addOption(new Option('--format <name>', 'format (default: detected)').choices(IMPORTERS.map(({ name }) => name)))
    .option('-o, --output <file>', 'where to write the runs, as JSON lines; without it only the report is printed')
    .addOption(
      new Option(
        '--unit <unit>',
        'unit of the losses: bits and perplexities become nats per token, bpb stays bits per byte',
      ).choices(['nats', 'bits', 'perplexity', 'bpb'] as const),
    )
    .option(
      '--bytes-per-token <number>',
      'mean bytes per token, to convert bits per byte to nats: a number, or a file by evaluation domain',
    )
    .option('--tokens-per-step <count>', 'tokens in a step, for tables in steps')
    .addOption(new Option('--schedule <name>', 'learning-rate schedule, if all runs have the same').choices(SCHEDULES))
    .option('--sum-tolerance <number>', 'how far the sum of proportions may be from 1 (default: 0.01)')
    .option(
      '--map <eval=train>',
      'training domain of an evaluation domain, "eval=" for none; may be repeated',
      collect,
      [],
    )
    .option('--domains <names>', 'training domains in file order, separated by commas, or a preset: 5mix, redpajama')
    .option('--columns <file>', 'what the columns of a wide or long table mean (YAML)')
    .option('--column <key=column>', 'the same, one at a time: run=exp_name, losses=*_ce; may be repeated', collect, [])
    .addOption(
      new Option(
        '--on-contradiction <rule>',
        'what to do where two rows of one run and volume differ (default: stop for tables, last for logs)',
      ).choices(ON_CONTRADICTION),
    )
    .option('--verbose', 'list every repair and suspicion')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Formats:
${IMPORTERS.map(({ name, description }) => `  ${name.padEnd(14)} ${description}`).join('\n')}

Examples:
  $ bimix import dmsl_llm_slimpajama.csv -o runs.jsonl
  $ bimix import train_mixture_1m.csv train_pile_loss_1m.csv -o runs.jsonl
  $ bimix import ratios.csv metrics.csv -o runs.jsonl
  $ bimix import runs/*/trainer_state.json mixtures.csv -o runs.jsonl
  $ bimix import logs/*/events.out.tfevents.* mixtures.csv -o runs.jsonl
  $ bimix import sweep.csv --column 'losses=*_ce' --column 'accuracy=*_acc' -o runs.jsonl
  $ bimix import RedPajama/70M.txt.gz --sum-tolerance 0.03 -o runs.jsonl
  $ bimix import losses.parquet --column run=exp_name --column 'weights=w_*' --column 'losses=*_ce' -o runs.jsonl`,
    )
    .action(async (paths, options) => {
      const asked = await importOptions(options);
      const imported = await withProgress(`reading ${countOf(paths.length, 'file')}`, () => importRuns(paths, asked));
      if (options.output !== undefined) await writeWholeFile(options.output, formatRuns(imported.table));
      if (options.json)
        printJson({ ...summary(imported), findings: imported.findings, output: options.output ?? null });
      else printText(...describeImport(imported, options.verbose === true));
      if (options.output !== undefined) sayWritten(options.output, `${imported.table.rowRun.length} checkpoints`);
    });
}

interface ImportTexts {
  readonly format?: string | undefined;
  readonly unit?: 'nats' | 'bits' | 'perplexity' | 'bpb' | undefined;
  readonly bytesPerToken?: string | undefined;
  readonly tokensPerStep?: string | undefined;
  readonly schedule?: Schedule | undefined;
  readonly sumTolerance?: string | undefined;
  readonly onContradiction?: OnContradiction | undefined;
  readonly map: readonly string[];
  readonly domains?: string | undefined;
  readonly columns?: string | undefined;
  readonly column: readonly string[];
}

async function importOptions(texts: ImportTexts): Promise<ImportOptions> {
  const { format, unit, bytesPerToken, tokensPerStep, schedule, sumTolerance, onContradiction, domains } = texts;
  const columns = await columnMap(texts);
  return {
    ...(format === undefined ? {} : { format }),
    ...(unit === undefined ? {} : { lossUnit: unit }),
    ...(bytesPerToken === undefined ? {} : { bytesPerToken: await bytesOption(bytesPerToken) }),
    ...(tokensPerStep === undefined
      ? {}
      : { tokensPerStep: parseQuantity(tokensPerStep, 'number of tokens per step') }),
    ...(schedule === undefined ? {} : { schedule }),
    ...(sumTolerance === undefined ? {} : { sumTolerance: toleranceOption(sumTolerance) }),
    ...(onContradiction === undefined ? {} : { onContradiction }),
    ...(texts.map.length === 0 ? {} : { mapping: mappingOption(texts.map) }),
    ...(domains === undefined ? {} : { domains: nameList(domains) }),
    ...(columns === undefined ? {} : { columns }),
  };
}

async function columnMap({ columns, column }: ImportTexts): Promise<ColumnMap | undefined> {
  if (columns === undefined && column.length === 0) return undefined;
  return { ...(columns === undefined ? {} : await readColumnMap(columns)), ...parseColumnFlags(column) };
}

async function bytesOption(text: string): Promise<number | Record<string, number>> {
  const value = Number(text);
  return value > 0 && Number.isFinite(value) ? value : readDomainNumbers(text, 'bytes per token');
}

function toleranceOption(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < 1) return value;
  throw new BimixError(
    'invalid-sum-tolerance',
    `invalid --sum-tolerance ${text}: expected a number from 0 to 1, for example 0.03`,
  );
}

function summary({ table, format, reason }: ImportedRuns): object {
  const {
    trainingDomains,
    evaluationDomains,
    ownDomain,
    volumeUnit,
    tokensPerStep,
    schedule,
    runs,
    rowRun,
    provenance,
  } = table;
  return {
    format,
    reason,
    runs: runs.length,
    checkpoints: rowRun.length,
    sizes: modelSizes(table),
    trainingDomains,
    evaluationDomains,
    ...(table.metrics === undefined ? {} : { metrics: table.metrics }),
    mapping: Object.fromEntries(evaluationDomains.map((domain, i) => [domain, trainingDomains[ownDomain[i]] ?? null])),
    volume: { unit: volumeUnit, ...(tokensPerStep === undefined ? {} : { tokensPerStep }) },
    schedule: schedule ?? null,
    inputs: provenance.inputs,
  };
}
