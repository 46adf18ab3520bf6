/** The trainer of a `bimix.yaml`: bimix's own, or a command and where its losses are. */

import path from 'node:path';
import { findExporter } from '../exporters/index.ts';
import { type ColumnMap, IMPORTERS, parseColumnMap } from '../importers/index.ts';
import { METRIC_UNITS, SCHEDULES } from '../observations/index.ts';
import { defaultTraining, MODEL_SIZES, type TrainingSettings } from './default-training.ts';
import type { CommandTrainer, EmbeddedTrainer, LossSource, Project } from './project.ts';
import { SettingsSection } from './settings-section.ts';
import { checkTemplate } from './user-trainer.ts';

const EMBEDDED_KEYS = [
  ...['model', 'tokens', 'learning_rate', 'schedule', 'sequences', 'evaluations', 'validation_tokens'],
];
const SHAPE_KEYS = ['context', 'width', 'layers', 'heads'];
const COMMAND_KEYS = [
  ...['command', 'environment', 'mixture_format', 'losses', 'tokens', 'size', 'gpus', 'minutes', 'megabytes'],
];
const LOSS_KEYS = ['format', 'files', 'columns', 'unit', 'bytes_per_token', 'tokens_per_step', 'schedule', 'map'];

const VALIDATION_TOKENS = 16_000;
const DEFAULT_SIZE = '0.2M';
const DEFAULT_TOKENS = 1_000_000;
const EVALUATIONS = 8;
/** Share of the peak at the end of a decaying schedule. */
const FINAL_RATE = 0.1;
/** One run's table of losses, as `bimix watch` reads it. */
export const LOG_FORMAT = 'log';

/** @throws BimixError with line and column */
export function readTrainer(top: SettingsSection): Project['trainer'] {
  const { trainer } = top.values;
  if (trainer === undefined || trainer === null || typeof trainer === 'string') {
    if (typeof trainer === 'string') top.choice('trainer', ['embedded']);
    return embeddedTrainer(new SettingsSection('trainer', {}, undefined, () => top.place('trainer')));
  }
  const hasCommand = typeof trainer === 'object' && 'command' in trainer;
  const section = top.section('trainer', hasCommand ? COMMAND_KEYS : [...EMBEDDED_KEYS, 'command']) as SettingsSection;
  return hasCommand ? commandTrainer(section) : embeddedTrainer(section);
}

function embeddedTrainer(section: SettingsSection): EmbeddedTrainer {
  const { model, optimizer, learningRate, sequences } = modelSettings(section);
  const schedule = section.choice('schedule', ['constant', 'cosine', 'linear']) ?? learningRate.schedule;
  const peak = section.number('learning_rate', { above: 0 }) ?? learningRate.peak;
  return {
    kind: 'embedded',
    tokens: section.count('tokens', 'training tokens') ?? DEFAULT_TOKENS,
    model: { ...model },
    optimizer: { ...optimizer },
    learningRate: { ...learningRate, peak, schedule, final: schedule === 'constant' ? 1 : FINAL_RATE },
    sequences: section.whole('sequences') ?? sequences,
    evaluations: section.whole('evaluations') ?? EVALUATIONS,
    validationTokens: section.count('validation_tokens', 'validation tokens') ?? VALIDATION_TOKENS,
  };
}

/** A size by name, or a shape of one's own. */
function modelSettings(section: SettingsSection): TrainingSettings {
  const isShape = typeof section.values.model === 'object' && section.values.model !== null;
  if (!isShape) return defaultTraining(section.choice('model', MODEL_SIZES) ?? DEFAULT_SIZE);
  const defaults = defaultTraining(DEFAULT_SIZE);
  const shape = section.section('model', SHAPE_KEYS) as SettingsSection;
  const heads = shape.required('heads', shape.whole('heads'));
  const width = shape.required('width', shape.whole('width'));
  if (width % heads !== 0) throw shape.invalid('width', `a multiple of its ${heads} heads`);
  section.required('learning_rate', section.number('learning_rate'), 'A shape of your own needs a rate of its own.');
  const context = shape.whole('context') ?? defaults.model.context;
  return {
    ...defaults,
    model: { ...defaults.model, context, width, heads, layers: shape.required('layers', shape.whole('layers')) },
  };
}

function commandTrainer(section: SettingsSection): CommandTrainer {
  const written = section.required('command', section.texts('command'));
  const command = typeof section.values.command === 'string' ? written[0] : [...written];
  checkTemplate(command, section.place('command'));
  const mixtureFormat = section.text('mixture_format') ?? 'json';
  section.checked('mixture_format', () => findExporter(mixtureFormat));
  return {
    kind: 'command',
    command,
    environment: { ...(section.textsByName('environment') ?? {}) },
    mixtureFormat,
    losses: lossSource(section),
    tokens: section.count('tokens', 'training tokens') ?? null,
    size: section.count('size', 'model size') ?? null,
    gpus: section.whole('gpus', { least: 0 }) ?? 0,
    minutes: section.number('minutes', { above: 0 }) ?? null,
    megabytes: section.number('megabytes', { above: 0 }) ?? null,
  };
}

function lossSource(trainer: SettingsSection): LossSource {
  const hint = 'Say where a run writes its losses by domain: losses: {files: losses.jsonl}.';
  const section = trainer.required('losses', trainer.section('losses', LOSS_KEYS), hint);
  const format = section.choice('format', [LOG_FORMAT, ...IMPORTERS.map(({ name }) => name)]) ?? LOG_FORMAT;
  const columns = section.section('columns');
  const metric = METRIC_UNITS.find(unit => format === LOG_FORMAT && columns?.has(unit));
  if (metric !== undefined) throw columns?.invalid(metric, 'losses alone: of metrics, name a format such as wide');
  const files = [...section.required('files', section.texts('files'), hint)];
  const shared = format === LOG_FORMAT ? files.find(isOutside) : undefined;
  if (shared !== undefined) {
    throw section.invalid(
      'files',
      `a path in the {out} of each run, or one with {run}: "${shared}" is the same for all runs`,
    );
  }
  return {
    format,
    files,
    columns: columns === undefined ? null : columnsOf(columns),
    unit: section.choice('unit', ['nats', 'bits', 'perplexity', 'bpb']) ?? null,
    bytesPerToken: bytesPerToken(section),
    tokensPerStep: section.count('tokens_per_step', 'number of tokens per step') ?? null,
    schedule: section.choice('schedule', SCHEDULES) ?? null,
    map: { ...(section.textsByName('map', true) ?? {}) },
  };
}

/** Whether a path leads out of a run's own folder and does not name the run: it would serve the losses of one run to all. */
function isOutside(file: string): boolean {
  const inOut = file.replace(/^\{out\}/, '.');
  const leadsOut = path.isAbsolute(inOut) || path.normalize(inOut).startsWith('..');
  return leadsOut && !/\{(?:task|log|run)\}/.test(inOut);
}

function columnsOf(section: SettingsSection): Record<string, unknown> {
  const map: ColumnMap = parseColumnMap(section.values, (...keys) => section.place(...keys));
  return { ...map };
}

function bytesPerToken(section: SettingsSection): number | Record<string, number> | null {
  const isOne = typeof section.values.bytes_per_token === 'number';
  const bytes = isOne
    ? section.number('bytes_per_token', { above: 0 })
    : section.numbers('bytes_per_token', { above: 0 });
  return bytes === undefined ? null : typeof bytes === 'number' ? bytes : { ...bytes };
}
