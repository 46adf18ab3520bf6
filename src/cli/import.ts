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
import { formatQuantity, parseQuantity } from '../mixture/index.ts';
import { formatRuns, modelSizes, type RunTable, SCHEDULES, type Schedule } from '../observations/index.ts';
import { findingText } from './finding-text.ts';
import { nameList } from './fit-settings.ts';
import { mappingOption } from './map-option.ts';
import { heading, printJson, printText, sayWritten } from './print.ts';
import { collect } from './selected-runs.ts';
import { textTable } from './text-table.ts';

export function addImport(program: Command): void {
  program
    .command('import')
    .summary('read the losses of runs from logs and tables')
    .description(
      'Reads runs from files or folders of any known format, checks and repairs them, and says what was understood, what was repaired and what is suspicious. Losses become nats per token. Nothing is dropped silently.',
    )
    .argument('<paths...>', 'files or folders; plain or gzip')
    .addOption(new Option('--format <name>', 'format (default: detected)').choices(IMPORTERS.map(({ name }) => name)))
    .option('-o, --output <file>', 'where to write the runs, as JSON lines; without it only the report is printed')
    .addOption(
      new Option('--unit <unit>', 'unit of the losses, converted to nats per token').choices([
        'nats',
        'bits',
        'perplexity',
        'bpb',
      ] as const),
    )
    .option(
      '--bytes-per-token <number>',
      'mean bytes per token, for --unit bpb: a number, or a file by evaluation domain',
    )
    .option('--tokens-per-step <count>', 'tokens in a step, for tables in steps')
    .addOption(
      new Option('--schedule <name>', 'learning-rate schedule of the runs, where all have the same').choices(SCHEDULES),
    )
    .option('--sum-tolerance <number>', 'how far proportions may be from summing to 1 (default: 0.01)')
    .option(
      '--map <eval=train>',
      'training domain of an evaluation domain, "eval=" for none; may be repeated',
      collect,
      [],
    )
    .option(
      '--domains <names>',
      'training domains in the order of the file, separated by commas, or a preset: 5mix, redpajama',
    )
    .option('--columns <file>', 'what the columns of a wide or long table mean (YAML)')
    .option('--column <key=column>', 'the same, one at a time: run=exp_name, losses=*_ce; may be repeated', collect, [])
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
      const imported = await importRuns(paths, await importOptions(options));
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
  readonly map: readonly string[];
  readonly domains?: string | undefined;
  readonly columns?: string | undefined;
  readonly column: readonly string[];
}

async function importOptions(texts: ImportTexts): Promise<ImportOptions> {
  const { format, unit, bytesPerToken, tokensPerStep, schedule, sumTolerance, domains } = texts;
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

function describeImport({ table, findings, format, reason }: ImportedRuns, verbose: boolean): string[] {
  const sizes = modelSizes(table).map(formatQuantity);
  const lines = [
    ['format', reason === '' ? format : `${format} (${reason})`],
    ['runs', `${table.runs.length}${sizes.length === 0 ? '' : ` of ${sizes.join(', ')} parameters`}`],
    ['checkpoints', `${table.rowRun.length}${volumeRange(table)}`],
    ['training domains', `${table.trainingDomains.length}: ${table.trainingDomains.join(', ')}`],
    [
      'evaluation domains',
      `${table.evaluationDomains.length}: ${table.evaluationDomains.map(mappedName(table)).join(', ')}`,
    ],
    ...(table.volumeUnit === 'none'
      ? []
      : [['schedule', table.schedule ?? 'unknown: say with --schedule how the learning rate goes']]),
    ['units', `weights are shares of tokens, losses nats per token${metricNote(table)}`],
  ];
  const table2 = textTable(['', ''], lines).split('\n').slice(1).join('\n').trim();
  return [
    heading('Understood'),
    table2,
    ...(['repair', 'suspicion', 'note'] as const).map(kind => findingText(findings, kind, verbose)),
  ];
}

/** What is kept of evaluation domains that are no losses. */
function metricNote({ metrics = {} }: RunTable): string {
  const kept = new Set(Object.values(metrics));
  return kept.size === 0 ? '' : `; metrics ${[...kept].join(' and ')}, an accuracy as 1 - accuracy`;
}

/** An evaluation domain, and its training domain where the names differ. */
function mappedName({ trainingDomains, ownDomain, metrics = {} }: RunTable): (domain: string, i: number) => string {
  return (domain, i) => {
    const own = trainingDomains[ownDomain[i]];
    if (Object.hasOwn(metrics, domain))
      return `${domain} (${metrics[domain]}${own === undefined ? '' : `, from ${own}`})`;
    if (own === undefined) return `${domain} (no training domain)`;
    return own === domain ? domain : `${domain} (from ${own})`;
  };
}

function volumeRange(table: RunTable): string {
  if (table.volumeUnit === 'none') return ', no data volume';
  const least = table.rowVolume.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = table.rowVolume.reduce((a, b) => Math.max(a, b), 0);
  return `, ${formatQuantity(least)} to ${formatQuantity(most)} ${table.volumeUnit}`;
}
