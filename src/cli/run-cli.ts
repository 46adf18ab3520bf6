/** One run of the command line: parse, do, and turn every failure into words and an exit code. */

import { CommanderError } from '@commander-js/extra-typings';
import pc from 'picocolors';
import { BimixError } from '../errors/index.ts';
import { CheckFailed } from './check-failed.ts';
import { makeProgram } from './program.ts';
import { sendTextToStderr, writeError } from './terminal.ts';

/** 0 done, 1 the user's input is wrong, 2 the command line is wrong, 3 bimix is wrong, 4 what `--check` asked does not hold. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/**
 * @param args without `node` and the script
 * @returns the exit code; nothing is thrown
 */
export async function runCli(args: readonly string[]): Promise<ExitCode> {
  sendTextToStderr(false);
  try {
    // Of every command, and of none: it only says more of a fault of bimix.
    const known = args.filter(argument => argument !== '--debug');
    await makeProgram().parseAsync(known, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CheckFailed) return 4;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const json = args.includes('--json');
    if (error instanceof BimixError) {
      const text = json ? JSON.stringify({ error }) : `${pc.red('error:')} ${error.describe()}`;
      writeError(`${text}\n`);
      return 1;
    }
    const cause = error instanceof Error ? error : new Error(String(error));
    const details = args.includes('--debug') ? `\n${cause.stack}` : ' Run it again with --debug for the details.';
    writeError(
      `${pc.red('internal error:')} ${cause.message}. This is a fault of bimix, not of your input.${details}\n`,
    );
    return 3;
  }
}
