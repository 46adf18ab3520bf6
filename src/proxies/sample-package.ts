/** The package of sample corpora, which is installed beside bimix only where it is wanted. */

import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { BimixError } from '../errors/index.ts';
import type { SampleDocument } from './split-sample.ts';

export const SAMPLE_PACKAGE = 'bimix-sample-corpora';

/** What the package exports; its `index.d.ts` says more. */
export interface SamplePackage {
  readonly domains: readonly SampleDomain[];
  packageVersion(name: string): Promise<string>;
}

export interface SampleDomain {
  readonly name: string;
  readonly title: string;
  readonly packages: readonly string[];
  readonly licence: string;
  documents(): AsyncIterable<SampleDocument>;
}

const HINT = `Install it with: npm i ${SAMPLE_PACKAGE}`;

/**
 * Looks in the `node_modules` of each folder and of those above it.
 *
 * @throws BimixError `missing-corpora`
 */
export async function loadSamplePackage(folders: readonly string[]): Promise<SamplePackage> {
  for (const folder of folders) {
    const entry = entryFrom(path.join(path.resolve(folder), 'package.json'));
    if (entry !== null) return (await import(pathToFileURL(entry).href)) as SamplePackage;
  }
  throw new BimixError('missing-corpora', `missing package ${SAMPLE_PACKAGE}, which brings the sample corpora`, {
    hint: HINT,
  });
}

function entryFrom(from: string): string | null {
  try {
    return createRequire(from).resolve(SAMPLE_PACKAGE);
  } catch (cause) {
    if (isNotFound(cause)) return null;
    throw cause;
  }
}

/**
 * The documents of a domain, and the versions of the packages they come from.
 *
 * @throws BimixError `missing-corpora` when a package of the domain is not installed
 */
export async function readSampleDomain({ packageVersion }: SamplePackage, domain: SampleDomain) {
  try {
    const documents: SampleDocument[] = [];
    for await (const document of domain.documents()) documents.push(document);
    const versions = await Promise.all(domain.packages.map(packageVersion));
    const packages = domain.packages.map((name, index) => ({ name, version: versions[index] }));
    return { documents, packages };
  } catch (cause) {
    if (!isNotFound(cause)) throw cause;
    throw new BimixError('missing-corpora', `missing text of the sample domain "${domain.name}": ${cause.message}`, {
      hint: HINT,
      cause,
    });
  }
}

function isNotFound(cause: unknown): cause is Error {
  return cause instanceof Error && (cause as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
}
