/** bimix as a user starts it. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Compiled to bench/build/bench/experiment. */
const MAIN = fileURLToPath(new URL('../../../../dist/cli/main.js', import.meta.url));

/** Runs one command in `folder`; its progress is shown. */
export async function bimix(folder: string, args: readonly string[]): Promise<string> {
  process.stderr.write(`$ bimix ${args.join(' ')}\n`);
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    out += text;
  });
  const code = await new Promise<number | null>(resolve => child.once('close', resolve));
  if (code === 0) return out;
  throw new Error(`bimix ${args[0]} ended with exit code ${code}`);
}

/** The same, unless the file it writes is there. */
export async function bimixOnce(folder: string, output: string, args: readonly string[]): Promise<void> {
  if (!existsSync(`${folder}/${output}`)) await bimix(folder, [...args, '-o', output]);
}
