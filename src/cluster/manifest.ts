/** Which tasks a folder is for. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { isAbsolute, normalize, resolve } from 'node:path';
import * as z from 'zod';
import { BimixError } from '../errors/index.ts';
import { replaceFile } from './shared-file.ts';
import type { Resources, Task } from './task.ts';
import { manifestFile, taskFolder } from './task-files.ts';

const plannedTask = z.object({
  id: z.string(),
  command: z.array(z.string()).min(1),
  folder: z.string(),
  environment: z.record(z.string(), z.string()),
  outputs: z.array(z.string()),
});

const amount = z.number().nonnegative();
const manifest = z.object({
  version: z.literal(1),
  hash: z.string(),
  resources: z.object({ threads: amount, gpus: amount, megabytes: amount, minutes: amount }).partial(),
  tasks: z.array(plannedTask),
});

/** A task with every default filled in. */
export type PlannedTask = z.infer<typeof plannedTask>;
export type Manifest = z.infer<typeof manifest>;

/**
 * Writes the manifest of a new folder, or makes sure that the folder is for these tasks. Resources may change from one call to
 * the next: a task that ran out of memory is run again with more.
 *
 * @throws BimixError `invalid-tasks` naming what differs
 */
export async function ensureManifest(
  folder: string,
  tasks: readonly Task[],
  resources: Resources,
): Promise<readonly PlannedTask[]> {
  const planned = tasks.map(planTask);
  const hash = hashOf(planned);
  const before = existsSync(manifestFile(folder)) ? await readManifest(folder) : null;
  if (before !== null && before.hash !== hash) throw otherTasks(folder, before.tasks, planned);
  for (const { id } of planned) await mkdir(taskFolder(folder, id), { recursive: true });
  if (before === null || JSON.stringify(before.resources) !== JSON.stringify(resources)) {
    const text = JSON.stringify({ version: 1, hash, resources, tasks: planned }, null, 2);
    await replaceFile(manifestFile(folder), `${text}\n`);
  }
  return planned;
}

/** @throws BimixError `missing-tasks` when the folder has none, `invalid-tasks` when its manifest is damaged */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = manifestFile(folder);
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (cause) {
    throw new BimixError('missing-tasks', `missing tasks: ${folder} has no manifest.json`, {
      hint: 'Name the folder that tasks were run in.',
      where: { file: path },
      cause,
    });
  }
  try {
    return manifest.parse(JSON.parse(content));
  } catch (cause) {
    throw new BimixError('invalid-tasks', `invalid tasks: ${path} is damaged, or of another version of bimix`, {
      hint: 'Run the tasks in another folder.',
      where: { file: path },
      cause,
    });
  }
}

function planTask({ id, command, folder = '.', environment = {}, outputs }: Task): PlannedTask {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(id)) {
    throw new BimixError('invalid-tasks', `invalid task "${id}": expected letters, digits, ".", "_" and "-"`);
  }
  const outside = outputs.find(name => isAbsolute(name) || normalize(name).startsWith('..') || normalize(name) === '.');
  if (outside !== undefined) {
    throw new BimixError('invalid-tasks', `invalid task "${id}": output "${outside}" is not a file in {out}`);
  }
  return {
    id,
    command: [...command],
    folder: resolve(folder),
    environment: Object.fromEntries(Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1))),
    outputs: [...outputs],
  };
}

/** The same in whatever order the tasks come. */
function hashOf(tasks: readonly PlannedTask[]): string {
  const byId = new Map(tasks.map(task => [task.id, task]));
  if (byId.size < tasks.length) {
    const twice = tasks.find(task => byId.get(task.id) !== task);
    throw new BimixError('invalid-tasks', `invalid tasks: "${twice?.id}" is listed twice`);
  }
  const text = JSON.stringify([...byId.keys()].sort().map(id => byId.get(id)));
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function otherTasks(folder: string, before: readonly PlannedTask[], now: readonly PlannedTask[]): BimixError {
  const differences = [...new Set([...before, ...now].map(({ id }) => id))].flatMap(id => {
    const [a, b] = [before, now].map(tasks => tasks.find(task => task.id === id));
    if (a === undefined) return [`"${id}" is new`];
    if (b === undefined) return [`"${id}" is missing`];
    const changed = (['command', 'folder', 'environment', 'outputs'] as const).filter(
      key => JSON.stringify(a[key]) !== JSON.stringify(b[key]),
    );
    return changed.map(key => `${key} of "${id}" was ${JSON.stringify(a[key])} and is ${JSON.stringify(b[key])}`);
  });
  const shown = differences.slice(0, 3);
  const more = differences.length > 3 ? `; and ${differences.length - 3} more differences` : '';
  return new BimixError('invalid-tasks', `invalid tasks: ${folder} is for others: ${shown.join('; ')}${more}`, {
    hint: 'Continue with the same tasks, or give another folder.',
    where: { file: manifestFile(folder) },
  });
}
