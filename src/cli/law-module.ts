/** Laws of the user's own: JavaScript modules named by --law-module, and nowhere else. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { BimixError } from '../errors/index.ts';
import { registerLaw } from '../laws/index.ts';

const loaded = new Set<string>();

/** What a worker thread must load to know the same laws. */
export function loadedLawModules(): readonly string[] {
  return [...loaded];
}

/**
 * Runs each module and registers the law that is its default export.
 *
 * @throws BimixError `missing-file`, `invalid-law-module` when the module fails or has no default export, `invalid-law` when that
 * is not a law, `ambiguous-law` when its name is taken
 */
export async function loadLawModules(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const absolute = path.resolve(file);
    try {
      registerLaw(await defaultExport(absolute, file));
    } catch (error) {
      if (!(error instanceof BimixError) || error.where.file !== undefined) throw error;
      const { code, message, hint } = error;
      throw new BimixError(code, message, { hint, where: { file }, cause: error });
    }
    loaded.add(absolute);
  }
}

async function defaultExport(absolute: string, file: string): Promise<unknown> {
  const where = { file };
  const found = await stat(absolute).catch(() => undefined);
  if (found === undefined || !found.isFile()) {
    throw new BimixError('missing-file', `missing law module ${file}`, { where });
  }
  let module: { readonly default?: unknown };
  try {
    module = await import(pathToFileURL(absolute).href);
  } catch (cause) {
    const { code, name, message } = cause as NodeJS.ErrnoException;
    const why = name === 'SyntaxError' ? `${message} (a syntax error)` : message;
    const needsBimix = code === 'ERR_MODULE_NOT_FOUND' && message.includes("'bimix'");
    throw new BimixError('invalid-law-module', `invalid law module: ${why.split('\n')[0]}`, {
      where,
      cause,
      ...(needsBimix
        ? {
            hint: 'Leave the import out: `export default { name, ..., loss }` needs none. Or install bimix beside the module.',
          }
        : {}),
    });
  }
  if (module.default !== undefined) return module.default;
  throw new BimixError('invalid-law-module', 'invalid law module: it has no default export', {
    where,
    hint: 'Write `export default { name: ..., parameters: ..., loss: ... }`.',
  });
}
