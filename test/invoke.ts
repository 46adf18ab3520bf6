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
    vi.spyOn(process.stdout, 'write').mockImplementation((text, ...rest: unknown[]) => {
      written.out += String(text);
      return said(rest);
    }),
    vi.spyOn(process.stderr, 'write').mockImplementation((text, ...rest: unknown[]) => {
      written.err += String(text);
      return said(rest);
    }),
  ];
  try {
    const code = await runCli(args);
    return { code, ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Tells a writer that waits for it that its text was written. */
function said(rest: readonly unknown[]): boolean {
  const callback = rest.at(-1);
  if (typeof callback === 'function') callback();
  return true;
}
