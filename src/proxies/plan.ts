/** A plan of runs as `bimix design` and `bimix next` write it, read to be trained. */

import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { BimixError, checkValue, didYouMean, type Place } from '../errors/index.ts';
import { readInputFile, splitLines } from '../files/index.ts';
import { makeMixture, namedValue } from '../mixture/index.ts';
import { parseJsonLine } from '../observations/index.ts';
import { type Project, ProjectSchema } from './project.ts';
import { taskIds } from './task-id.ts';

export interface PlannedRun {
  readonly name: string;
  /** The name as a folder may be called; unique in the plan. */
  readonly id: string;
  /** Shares of tokens by training domain, sum 1. */
  readonly weights: Readonly<Record<string, number>>;
  /** Training tokens; null where neither plan nor trainer says. */
  readonly tokens: number | null;
  readonly seed: number;
  /** Tokens of each domain that it may draw from, in a repetition-matched plan. */
  readonly tokensAvailable: Readonly<Record<string, number>> | null;
}

export interface RunPlan {
  readonly path: string;
  readonly trainingDomains: readonly string[];
  /** Null in a plan that was not made of a `bimix.yaml`. */
  readonly project: Project | null;
  /** At least one. */
  readonly runs: readonly PlannedRun[];
  /** The header's other fields, as they are. */
  readonly facts: Readonly<Record<string, unknown>>;
}

const PLAN_VERSION = 1;
const Shares = z.record(z.string(), z.number().min(0));
const Header = z.looseObject({
  kind: z.literal('bimix-plan'),
  schemaVersion: z.literal(PLAN_VERSION),
  trainingDomains: z.array(z.string().min(1)).min(1),
  project: ProjectSchema.optional(),
});
const Run = z.strictObject({
  run: z.string().min(1),
  method: z.string().optional(),
  weights: Shares,
  tokens: z.number().positive().optional(),
  seed: z.number().int().optional(),
  tokensAvailable: z.record(z.string(), z.number().positive()).optional(),
});

type Lines = readonly { readonly value: unknown; readonly where: Place }[];

/**
 * Reads a plan: a header with `kind: "bimix-plan"` and one run per line, or runs alone.
 *
 * @throws BimixError with the line: `invalid-plan`, `invalid-json`, `invalid-mixture`, `ambiguous-run`, `unknown-domain`,
 * `unknown-schema-version`
 */
export async function readPlan(file: string): Promise<RunPlan> {
  const lines = splitLines((await readInputFile(file)).text(), file).flatMap((text, index) => {
    const where = { file, line: index + 1 };
    return text.trim() === '' ? [] : [{ value: parsedLine(text, where), where }];
  });
  if (lines.length === 0) throw invalid(`invalid plan ${file}: it is empty`, { file });
  const isHeaded = fieldsOf(lines[0].value).kind !== undefined;
  const header = isHeaded ? parseHeader(lines[0]) : undefined;
  const runLines = isHeaded ? lines.slice(1) : lines;
  if (runLines.length === 0) throw invalid(`invalid plan ${file}: it has no runs`, lines[0].where);
  const { kind: _kind, schemaVersion: _version, trainingDomains, project, ...facts } = header ?? {};
  const first = Object.keys(fieldsOf(fieldsOf(runLines[0].value).weights));
  const domains = trainingDomains ?? first;
  const parsed = runLines.map(line => parseRun(line, domains));
  requireDifferentNames(parsed, runLines);
  requireAll(parsed.length, header?.runs, lines[0].where);
  const ids = taskIds(parsed.map(({ run }) => run));
  const defaults = project?.trainer.tokens ?? null;
  return {
    path: file,
    trainingDomains: domains,
    project: project === undefined ? null : { ...project, folder: path.resolve(path.dirname(file), project.folder) },
    runs: parsed.map(({ run, weights, tokens, seed, tokensAvailable }, index) => ({
      name: run,
      id: ids[index],
      weights,
      tokens: tokens ?? defaults,
      seed: seed ?? 0,
      tokensAvailable: tokensAvailable ?? null,
    })),
    facts,
  };
}

/** The plan's text with a project in it, to lie in `folder`. */
export function planText({ trainingDomains, runs, facts }: RunPlan, project: Project, folder: string): string {
  const header = {
    kind: 'bimix-plan',
    schemaVersion: PLAN_VERSION,
    ...facts,
    trainingDomains,
    project: projectIn(project, folder),
  };
  const lines = runs.map(({ name, weights, tokens, seed, tokensAvailable }) => ({
    run: name,
    weights,
    ...(tokens === null ? {} : { tokens }),
    seed,
    ...(tokensAvailable === null ? {} : { tokensAvailable }),
  }));
  return [header, ...lines].map(line => `${JSON.stringify(line)}\n`).join('');
}

/** A project as a plan in `folder` holds it: found again wherever both are moved to together. */
export function projectIn(project: Project, folder: string): Project {
  return { ...project, folder: path.relative(path.resolve(folder), project.folder).replaceAll('\\', '/') || '.' };
}

/** Of all that the runs' losses depend on: their mixtures, seeds and tokens, the text, and how they are trained. */
export function planHash({ trainingDomains, runs }: RunPlan, { folder: _folder, domains, trainer }: Project): string {
  const text = domains.map(({ name, files, train, validation, text: field, format }) => {
    return { name, files, train, validation, field, format };
  });
  const { command, environment, mixtureFormat } = trainer.kind === 'command' ? trainer : {};
  const training = trainer.kind === 'command' ? { command, environment, mixtureFormat } : trainer;
  return createHash('sha256').update(JSON.stringify({ trainingDomains, runs, text, training })).digest('hex');
}

function parsedLine(text: string, where: Place): unknown {
  if (where.line === 1 && !/^\s*\{/.test(text)) {
    throw invalid(
      `invalid plan ${where.file}: expected JSON lines`,
      where,
      'Write it with bimix design -o plan.jsonl.',
    );
  }
  return parseJsonLine(text, where);
}

function parseHeader({ value, where }: Lines[number]): z.infer<typeof Header> {
  const { kind, schemaVersion } = fieldsOf(value);
  if (kind === 'bimix-runs') {
    throw invalid(`invalid plan ${where.file}: it holds losses of runs`, where, 'Fit a law to it: bimix fit.');
  }
  if (kind === 'bimix-plan' && typeof schemaVersion === 'number' && schemaVersion !== PLAN_VERSION) {
    const message = `unknown schema version ${schemaVersion} of a plan: this bimix reads version ${PLAN_VERSION}`;
    throw new BimixError('unknown-schema-version', message, { hint: 'Design it again with this version.', where });
  }
  return parsed(Header, value, 'header of a plan', where);
}

function parseRun({ value, where }: Lines[number], domains: readonly string[]): z.infer<typeof Run> {
  const run = parsed(Run, value, 'run of a plan', where);
  for (const [what, names] of [
    ['weights', Object.keys(run.weights)],
    ['tokensAvailable', Object.keys(run.tokensAvailable ?? {})],
  ] as const) {
    const unknown = names.find(name => !domains.includes(name));
    if (unknown === undefined) continue;
    throw new BimixError('unknown-domain', `unknown domain "${unknown}" in ${what} of run "${run.run}"`, {
      hint: didYouMean(unknown, domains),
      where,
    });
  }
  const weights = Object.fromEntries(domains.map(domain => [domain, namedValue(run.weights, domain) ?? 0]));
  // Checked and kept as written, so that a copy of a plan is the same plan.
  makeMixture(weights, { name: run.run, where });
  return { ...run, weights };
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, what: string, where: Place): T {
  return checkValue(value, schema, { code: 'invalid-plan', what, place: () => where });
}

/** The header may say how many runs follow. More were added by hand; fewer are what is left of a file that was cut. */
function requireAll(found: number, announced: unknown, where: Place): void {
  if (typeof announced !== 'number' || found >= announced) return;
  throw invalid(
    `invalid plan ${where.file}: the header says ${announced} runs, the file holds ${found}`,
    where,
    'The file was cut: copy it again, or design it again. To train what is left, take "runs" out of the header.',
  );
}

function requireDifferentNames(runs: readonly { readonly run: string }[], lines: Lines): void {
  const names = runs.map(({ run }) => run);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice < 0) return;
  const first = lines[names.indexOf(names[twice])].where.line;
  throw new BimixError('ambiguous-run', `ambiguous run "${names[twice]}": line ${first} has one of that name too`, {
    hint: 'Every run needs a name of its own: change one of them.',
    where: lines[twice].where,
  });
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function invalid(message: string, where: Place, hint = ''): BimixError {
  return new BimixError('invalid-plan', message, { hint, where });
}
