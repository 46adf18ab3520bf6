/** What arguments say of streams and files before a command begins: `-` once for reading, and no file both read and written. */

import { realpathSync, statSync } from 'node:fs';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { BimixError } from '../errors/index.ts';
import { isStandardOutput } from '../files/index.ts';
import { sendTextToStderr } from './terminal.ts';

export const STREAM_HELP =
  '- in place of a file stands for standard input, after -o for standard output; text then goes to stderr.';

/** Options that name a file to write. */
const WRITTEN = new Set(['output', 'report']);

interface GivenArgument {
  /** `<runs>` or `--prior`. */
  readonly name: string;
  readonly value: string;
  readonly isWritten: boolean;
}

/**
 * Checks the files a command is given, and sends its text to stderr where it writes a file to standard output.
 *
 * @throws BimixError `ambiguous-input` for `-` twice, `ambiguous-output` for two things on standard output, `invalid-output`
 * for a file that is read too
 */
export function checkStreams(command: CommandUnknownOpts): void {
  const given = givenArguments(command);
  const inputs = given.filter(({ value, isWritten }) => !isWritten && value === '-');
  if (inputs.length > 1) {
    const names = inputs.map(({ name }) => name).join(' and ');
    throw new BimixError('ambiguous-input', `ambiguous input: ${names} are both -, standard input`, {
      hint: 'Give one of them as a file.',
    });
  }
  const outputs = given.filter(({ value, isWritten }) => isWritten && isStandardOutput(value));
  const onOutput = [...outputs.map(({ name }) => name), ...(command.opts().json === true ? ['--json'] : [])];
  if (outputs.length > 0 && onOutput.length > 1) {
    throw new BimixError(
      'ambiguous-output',
      `ambiguous output: ${onOutput.join(' and ')} both write to standard output`,
      {
        hint: 'Give a file name to one of them, or leave one out.',
      },
    );
  }
  for (const { value, isWritten } of given) if (isWritten) requireNotRead(value, given);
  sendTextToStderr(outputs.length > 0);
}

function requireNotRead(output: string, given: readonly GivenArgument[]): void {
  const file = regularFile(output);
  const read = given.find(({ value, isWritten }) => !isWritten && file !== undefined && regularFile(value) === file);
  if (read === undefined) return;
  throw new BimixError('invalid-output', `invalid output file ${output}: the command reads it too, as ${read.name}`, {
    hint: 'Give the output another name.',
    where: { file: output },
  });
}

function givenArguments(command: CommandUnknownOpts): GivenArgument[] {
  const operands = command.registeredArguments.flatMap((argument, i) =>
    texts(command.processedArgs[i]).map(value => ({ name: `<${argument.name()}>`, value, isWritten: false })),
  );
  const options = command.options.flatMap(option => {
    const key = option.attributeName();
    if (command.getOptionValueSource(key) === 'default' && !WRITTEN.has(key)) return [];
    const name = option.long ?? option.flags;
    return texts(command.getOptionValue(key)).map(value => ({ name, value, isWritten: WRITTEN.has(key) }));
  });
  return [...operands, ...options];
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter(item => typeof item === 'string');
}

/** The real path of a regular file that is there. */
function regularFile(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? realpathSync(path) : undefined;
  } catch {
    return undefined;
  }
}
