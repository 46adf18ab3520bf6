#!/usr/bin/env node
import { trainCommand } from './train-command.ts';

process.exitCode = await trainCommand(process.argv.slice(2));
