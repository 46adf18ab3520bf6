#!/usr/bin/env node
import { outputError } from '../files/index.ts';
import { runCli } from './run-cli.ts';

// A reader that closes the pipe early (`bimix ... | head`) is no failure; a full disk behind `> file` is one.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0);
  process.stderr.write(`error: ${(outputError('-', error) as Error).message}\n`);
  process.exit(1);
});
process.stderr.on('error', () => {});

process.exitCode = await runCli(process.argv.slice(2));
