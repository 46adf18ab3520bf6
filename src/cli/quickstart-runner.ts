/** Runs one step of the quickstart as a process of its own. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { BimixError } from '../errors/index.ts';
import { compiledScript, writeWholeFile } from '../files/index.ts';
import type { QuickstartStep } from './quickstart-steps.ts';

export async function hasOutput(folder: string, { output }: QuickstartStep): Promise<boolean> {
  return access(path.join(folder, output)).then(
    () => true,
    () => false,
  );
}

/** @throws BimixError `invalid-step` when it fails, `missing-output` when it is interrupted */
export async function runStep(folder: string, step: QuickstartStep): Promise<void> {
  const { args, output, isPrinted } = step;
  const child = spawn(process.execPath, [compiledScript(import.meta.url, 'main'), ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    printed += text;
  });
  // The terminal sends Ctrl-C to the step too, which ends in good order; a signal sent to this process is passed on.
  const passOn = (signal: NodeJS.Signals): boolean => child.kill(signal);
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', passOn);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  process.off('SIGINT', interrupt);
  process.off('SIGTERM', passOn);
  if (interrupted || signal !== null) {
    throw new BimixError('missing-output', `missing ${output}: stopped before it was written`, {
      hint: 'Run the same command to continue from there.',
    });
  }
  if (code !== 0) {
    throw new BimixError('invalid-step', `invalid step: bimix ${args[0]} ended with exit code ${code}`, {
      hint: `The reason is above; to try this step alone, run in ${folder}: bimix ${args.join(' ')}`,
    });
  }
  if (isPrinted) await writeWholeFile(path.join(folder, output), printed);
}
