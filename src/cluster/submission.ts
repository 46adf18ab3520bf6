/** An array of Slurm jobs, as a file that is written before Slurm hears of it. */

import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { BimixError } from '../errors/index.ts';
import { replaceFile } from './shared-file.ts';

const submission = z.object({
  /** Of the job, and unique: found in Slurm by it when its number was not written down. */
  name: z.string(),
  /** Which task each index of the array stands for. */
  tasks: z.array(z.string()),
  /** The array's job number; null until Slurm has said it. */
  job: z.string().nullable(),
  /** Slurm has none of its jobs any more. */
  over: z.boolean(),
});

export type Submission = z.infer<typeof submission>;

export const submissionsFolder = (folder: string): string => join(folder, 'slurm');

export const submissionFile = (folder: string, name: string): string => join(submissionsFolder(folder), `${name}.json`);

export async function writeSubmission(folder: string, value: Submission): Promise<void> {
  await replaceFile(submissionFile(folder, value.name), `${JSON.stringify(value)}\n`);
}

/** @throws BimixError `invalid-submission` */
export async function readSubmission(path: string): Promise<Submission> {
  try {
    return submission.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new BimixError('invalid-submission', `invalid submission ${path}: it is damaged`, {
      hint: `See whether Slurm still has jobs of it, squeue --name ${basename(path, '.json')}, cancel them, and remove the file.`,
      where: { file: path },
      cause,
    });
  }
}

/** All of a folder, oldest first; none when nothing went to Slurm. */
export async function readSubmissions(folder: string): Promise<Submission[]> {
  const names = await readdir(submissionsFolder(folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = names.filter(name => name.endsWith('.json') && !name.startsWith('.'));
  const found = await Promise.all(files.map(name => readSubmission(join(submissionsFolder(folder), name))));
  return found.sort((a, b) => numberOf(a.name) - numberOf(b.name));
}

/** Names end in a number that counts up. */
export const numberOf = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);
