/** Small files in memory, imported, for tests of importers. */

import { expect } from 'vitest';
import type { BimixError } from '../src/errors/index.ts';
import { type InputFile, inputFile } from '../src/files/index.ts';
import type { Importer, ImportOptions } from '../src/importers/importer.ts';
import { assembleRuns, type Finding, type RunTable } from '../src/observations/index.ts';

/** A file of these lines, or of these bytes. */
export function fileOf(name: string, content: readonly string[] | string | Uint8Array): InputFile {
  if (content instanceof Uint8Array) return inputFile(name, content);
  return inputFile(name, Buffer.from(typeof content === 'string' ? content : `${content.join('\n')}\n`));
}

/** Reads and assembles files. */
export async function imported(
  importer: Importer,
  files: readonly InputFile[],
  options: ImportOptions = {},
): Promise<{ table: RunTable; findings: readonly Finding[] }> {
  const draft = await importer.read(files, options);
  return assembleRuns(
    { ...draft, lossUnit: options.lossUnit ?? draft.lossUnit },
    { ...options, provenance: { format: importer.name, inputs: [], version: '0' } },
  );
}

/** What a broken file should be answered with. */
export interface Refusal {
  readonly code: string;
  readonly message: RegExp;
  readonly where?: Record<string, unknown>;
}

/** Checks that files are refused by a BimixError whose message opens with the first word of its code. */
export async function expectRefusal(
  importer: Importer,
  files: readonly InputFile[],
  { code, message, where = {} }: Refusal,
  options: ImportOptions = {},
): Promise<void> {
  await importer.detect(files);
  const error = await imported(importer, files, options).then(
    () => undefined,
    (thrown: BimixError) => thrown,
  );
  expect(error).toMatchObject({ name: 'BimixError', code, message: expect.stringMatching(message), where });
  expect(error?.message.split(' ')[0]).toBe(code.split('-')[0]);
}

/** How many times a finding counts; 0 when it is absent. */
export function countOf(findings: readonly Finding[], code: string): number {
  return findings.filter(finding => finding.code === code).reduce((sum, finding) => sum + finding.count, 0);
}
