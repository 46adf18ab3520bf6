/** One shard of a corpus as a file: what another process, maybe on another machine, is to count. */

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TokenizerSpec } from '../corpus/index.ts';
import { BimixError } from '../errors/index.ts';
import { writeWholeFile } from '../files/index.ts';
import { fingerprint } from './fingerprint.ts';
import type { PartTask } from './part-task.ts';
import type { DomainPlan } from './plan-parts.ts';

interface ShardFile {
  /** Each once: that of a trained tokenizer is long. */
  readonly tokenizers: readonly (TokenizerSpec | null)[];
  readonly plans: readonly {
    readonly domain: string;
    readonly tasks: readonly (Omit<PartTask, 'tokenizer'> & { readonly tokenizer: number })[];
  }[];
}

export async function writeShard(path: string, plans: readonly DomainPlan[]): Promise<void> {
  const tokenizers = [...new Set(plans.flatMap(({ tasks }) => tasks.map(({ tokenizer }) => tokenizer)))];
  const shard: ShardFile = {
    tokenizers,
    plans: plans.map(({ domain, tasks }) => ({
      domain,
      tasks: tasks.map(task => ({
        ...task,
        tokenizer: tokenizers.indexOf(task.tokenizer),
        out: basename(task.out),
      })),
    })),
  };
  await writeWholeFile(path, `${JSON.stringify(shard)}\n`);
}

/**
 * @param workFolder where the counts are to go
 * @throws BimixError `missing-file`, `invalid-files` when a file is not, here and now, what was planned
 */
export async function readShard(path: string, workFolder: string): Promise<DomainPlan[]> {
  const { tokenizers, plans } = JSON.parse(await readFile(path, 'utf8')) as ShardFile;
  const seen = new Set<string>();
  for (const { files } of plans.flatMap(({ tasks }) => tasks)) {
    for (const file of files) {
      if (seen.has(file.path)) continue;
      seen.add(file.path);
      if ((await fingerprint(file.path)).content === file.fingerprint) continue;
      throw new BimixError('invalid-files', `invalid file ${file.path}: it is missing here, or not what was planned`, {
        hint: 'Every machine must see the same files; if the file was changed, give the command again.',
        where: { file: file.path },
      });
    }
  }
  return plans.map(({ domain, tasks }) => ({
    domain,
    tasks: tasks.map(task => ({ ...task, tokenizer: tokenizers[task.tokenizer], out: join(workFolder, task.out) })),
  }));
}
