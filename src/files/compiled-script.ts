/** Scripts of bimix that run as processes and threads of their own, which take JavaScript alone. */

import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Path of the script `name` in the folder of a module; of a module of the sources, that of the last build.
 *
 * @param module `import.meta.url`
 * @param name without its ending
 */
export function compiledScript(module: string, name: string): string {
  const room = basename(new URL('.', module).pathname);
  const script = module.endsWith('.ts') ? `../../dist/${room}/${name}.js` : `./${name}.js`;
  return fileURLToPath(new URL(script, module));
}
