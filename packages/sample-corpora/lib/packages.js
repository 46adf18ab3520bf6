/** Where npm put the packages that the text comes from, and their files. */

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/**
 * Folder of an installed package: beside this one or above it. Found by its `package.json`, since many packages neither
 * export that file nor have an entry point.
 *
 * @param {string} name
 * @returns {string}
 */
export function packageFolder(name) {
  for (const modules of require.resolve.paths(name) ?? []) {
    const folder = path.join(modules, name);
    if (existsSync(path.join(folder, 'package.json'))) return folder;
  }
  const message = `missing package ${name}: bimix-sample-corpora needs it and it is not installed beside it`;
  throw Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND' });
}

/**
 * Text of one file of a package.
 *
 * @param {string} name of the package
 * @param {string} file
 */
export function readPackageFile(name, file) {
  return readFile(path.join(packageFolder(name), file), 'utf8');
}

/**
 * Text files of a package below one of its folders, in the order of their names' code units.
 *
 * @param {string} name of the package
 * @param {string} below folder in the package, '' for all of it
 * @param {RegExp} matching paths below that folder, with `/` between names
 * @returns {AsyncGenerator<{ id: string, text: string }>} the path, and the text
 */
export async function* packageFiles(name, below, matching) {
  const folder = path.join(packageFolder(name), below);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .map(file => file.split(path.sep).join('/'))
    // What npm nests in the package differs from one installation to the next.
    .filter(file => matching.test(file) && !/(^|\/)node_modules\//.test(file))
    .sort();
  for (const id of files) yield { id, text: await readFile(path.join(folder, id), 'utf8') };
}

/**
 * Version of an installed package.
 *
 * @param {string} name
 */
export async function packageVersion(name) {
  return JSON.parse(await readPackageFile(name, 'package.json')).version;
}
