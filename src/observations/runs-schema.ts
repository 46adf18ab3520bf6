/** The lines of a `runs.jsonl`: one header, then one record per checkpoint. `schema/runs.schema.json` is made from these. */

import { z } from 'zod';
import { SCHEDULES } from './schedule.ts';

export const RUNS_SCHEMA_VERSION = 1;

const DomainNames = z
  .array(z.string().min(1))
  .min(1)
  .refine(names => new Set(names).size === names.length, 'a domain is listed twice')
  .meta({ uniqueItems: true });

const RunsProvenance = z.strictObject({
  format: z.string().describe('Importer that read the inputs.'),
  inputs: z.array(
    z.strictObject({
      file: z.string(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      bytes: z.number().int().nonnegative(),
    }),
  ),
  version: z.string().describe('Version of bimix that wrote the file.'),
});

export const RunsHeader = z
  .strictObject({
    kind: z.literal('bimix-runs'),
    schemaVersion: z.literal(RUNS_SCHEMA_VERSION),
    rows: z
      .number()
      .int()
      .positive()
      .optional()
      .describe('How many records follow; a file with another number is cut.'),
    trainingDomains: DomainNames.describe('What mixtures are made of.'),
    evaluationDomains: DomainNames.describe('What losses are measured on.'),
    mapping: z
      .record(z.string(), z.string().nullable())
      .optional()
      .describe('Training domain of an evaluation domain, or null for none; left out: the one of the same name.'),
    metrics: z
      .record(z.string(), z.enum(['error rate', 'bits per byte']))
      .optional()
      .describe('What an evaluation domain holds in place of a loss; lower is better. Left out: a loss.'),
    volume: z.strictObject({
      unit: z.enum(['tokens', 'steps', 'none']).describe('What the volume of a record counts.'),
      tokensPerStep: z.number().positive().optional(),
    }),
    schedule: z.enum(SCHEDULES).optional().describe('Learning-rate schedule of the runs.'),
    loss: z.literal('nats per token'),
    share: z.literal('tokens').describe('Shares of a mixture are fractions of training tokens.'),
    provenance: RunsProvenance.optional().describe('Where the table came from.'),
  })
  .meta({ title: 'Header', description: 'First line.' });

const RunRecord = z
  .strictObject({
    run: z.string().min(1).describe('Name of the run, unique together with its size.'),
    size: z.number().positive().optional().describe('Model size in parameters.'),
    seed: z.number().optional(),
    replicate: z.string().optional(),
    mixture: z
      .record(z.string(), z.number().nonnegative())
      .describe('Share of tokens by training domain; sums to 1 within 0.01. A domain left out has 0.'),
    volume: z
      .number()
      .nonnegative()
      .optional()
      .describe('Training tokens or steps at the checkpoint; required unless the unit is none.'),
    losses: z
      .record(z.string(), z.number().positive().nullable())
      .describe('Nats per token, or the metric, by evaluation domain; null or left out where it was not measured.'),
  })
  .meta({ title: 'Record', description: 'One checkpoint of one run.' });

/** Keys of a record. Records are checked by hand: there may be many. */
export const RECORD_KEYS: ReadonlySet<string> = new Set(Object.keys(RunRecord.shape));

/** JSON Schema (draft 2020-12) of one line. */
export function runsJsonSchema(): unknown {
  const line = z.union([RunsHeader, RunRecord]).meta({
    title: 'bimix runs',
    description: 'One line of a runs.jsonl: the first is the header, every other a checkpoint.',
  });
  return z.toJSONSchema(line, { target: 'draft-2020-12' });
}
