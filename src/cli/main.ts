#!/usr/bin/env node
import { runCli } from './run-cli.ts';

// A reader that closes the pipe early (`bimix ... | head`) is no failure.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2));
