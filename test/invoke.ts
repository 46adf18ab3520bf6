/** One run of the command line inside the test's process. */

import { vi } from 'vitest';
import { type ExitCode, runCli } from '../src/cli/run-cli.ts';

export interface Invocation {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** @param args as after `bimix` */
export async function invoke(...args: readonly string[]): Promise<Invocation> {
  const written = { out: '', err: '' };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(text => {
      written.out += String(text);
      return true;
    }),
    vi.spyOn(process.stderr, 'write').mockImplementation(text => {
      written.err += String(text);
      return true;
    }),
  ];
  try {
    const code = await runCli(args);
    return { code, ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
