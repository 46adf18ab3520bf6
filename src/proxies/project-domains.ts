/** Domains found in a folder: its subfolders with text, or where there are none, its text files. */

import { type Dirent, existsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { BimixError } from '../errors/index.ts';
import type { TemplateDomain } from './project-template.ts';

const TEXT = /\.(?:txt|text|md|rst|jsonl|ndjson|json|parquet)(?:\.(?:gz|zst|zstd))?$/i;
const NOT_DATA = /^(?:\.|node_modules$|runs$|dist$|__pycache__$)/;
const TRAIN = /^train(?:ing)?\b/i;
const VALIDATION = /^(?:valid(?:ation)?|val|dev|eval|test)\b/i;
/** How bimix's own files begin: plans, runs, laws. */
const OWN = /^\s*\{\s*"kind"\s*:\s*"bimix-/;
/** Folders below a domain's that are looked into for text. */
const DEPTH = 4;

/**
 * A subfolder whose files are called train and validation keeps that split.
 *
 * @returns sorted by name, paths relative to the folder
 * @throws BimixError `missing-domains` for fewer than two
 */
export async function findDomains(folder: string): Promise<readonly TemplateDomain[]> {
  const entries = await listed(folder);
  const folders = entries.filter(entry => entry.isDirectory());
  const found: TemplateDomain[] = [];
  for (const { name } of folders) {
    const domain = await domainOf(folder, name);
    if (domain !== undefined) found.push(domain);
  }
  const domains = found.length > 0 ? found : await domainsOfFiles(folder, entries);
  const names = new Set(domains.map(({ name }) => name));
  if (domains.length >= 2 && names.size === domains.length) return domains;
  const count =
    domains.length === 0 ? 'no text' : domains.length === 1 ? `only "${domains[0].name}"` : 'two of one name';
  throw new BimixError(
    'missing-domains',
    `missing domains: there is ${count} in ${folder}, but a mixture needs two domains`,
    {
      hint: 'Name them, bimix init --domains web=data/web,code=data/code.jsonl, or start from sample text: bimix init --sample.',
      where: { file: folder },
    },
  );
}

async function domainsOfFiles(folder: string, entries: readonly Dirent[]): Promise<TemplateDomain[]> {
  const domains: TemplateDomain[] = [];
  for (const { name } of entries.filter(entry => entry.isFile() && TEXT.test(entry.name))) {
    if (!(await isOwn(path.join(folder, name)))) domains.push({ name: name.replace(TEXT, ''), files: [name] });
  }
  return domains;
}

async function isOwn(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return OWN.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** Undefined without text; runs of another folder are none. */
async function domainOf(folder: string, name: string): Promise<TemplateDomain | undefined> {
  if (existsSync(path.join(folder, name, 'plan.jsonl')) && existsSync(path.join(folder, name, 'inputs')))
    return undefined;
  const entries = await listed(path.join(folder, name));
  const files = entries.filter(entry => entry.isFile() && TEXT.test(entry.name)).map(entry => entry.name);
  const train = files.filter(file => TRAIN.test(file)).map(file => `${name}/${file}`);
  const validation = files.filter(file => VALIDATION.test(file)).map(file => `${name}/${file}`);
  if (train.length > 0 && validation.length > 0) return { name, train, validation };
  if (files.length === 0 && !(await holdsText(path.join(folder, name), DEPTH))) return undefined;
  return { name, files: [`${name}/**`] };
}

async function holdsText(folder: string, depth: number): Promise<boolean> {
  const entries = await listed(folder);
  if (entries.some(entry => entry.isFile() && TEXT.test(entry.name))) return true;
  if (depth === 0) return false;
  for (const entry of entries) {
    if (entry.isDirectory() && (await holdsText(path.join(folder, entry.name), depth - 1))) return true;
  }
  return false;
}

async function listed(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(cause => {
    throw new BimixError('missing-folder', `missing folder ${folder}`, { where: { file: folder }, cause });
  });
  return entries.filter(({ name }) => !NOT_DATA.test(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
}
