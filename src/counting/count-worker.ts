/** What a worker thread runs: counting a part, or merging parts. Errors go back as data, for threads lose their class. */

import { join } from 'node:path';
import { type MessagePort, threadId } from 'node:worker_threads';
import { BimixError, type ErrorCode, type Place } from '../errors/index.ts';
import type { StretchRange } from './counts-file.ts';
import { mergeCountFiles } from './merge-counts.ts';
import { joinRanges, mergeRange } from './merge-ranges.ts';
import { PartCounter } from './part-counter.ts';
import type { PartProgress, PartTask } from './part-task.ts';

export type WorkerTask =
  | {
      readonly kind: 'count';
      readonly task: PartTask;
      readonly memoryBytes: number;
      readonly scratch: string;
      readonly port: MessagePort;
    }
  | { readonly kind: 'merge'; readonly paths: readonly string[]; readonly out: string }
  | {
      readonly kind: 'merge-range';
      readonly paths: readonly string[];
      readonly range: StretchRange;
      readonly run: string;
    }
  | {
      readonly kind: 'join-ranges';
      readonly paths: readonly string[];
      readonly runs: readonly string[];
      readonly out: string;
      readonly scratch: string;
    };

/** Null when all went well. */
export type WorkerTrouble = { code: ErrorCode; message: string; hint: string; where: Place } | null;

let counter: PartCounter | null = null;
let report: (progress: PartProgress) => void = () => {};

export default async function run(work: WorkerTask): Promise<WorkerTrouble> {
  try {
    await does(work);
    return null;
  } catch (error) {
    if (!(error instanceof BimixError)) throw error;
    const { code, message, hint, where } = error;
    return { code, message, hint, where };
  }
}

async function does(work: WorkerTask): Promise<void> {
  switch (work.kind) {
    case 'count':
      return countPart(work);
    case 'merge':
      await mergeCountFiles(work.paths, work.out);
      return;
    case 'merge-range':
      return mergeRange(work.paths, work.range, work.run);
    case 'join-ranges':
      return joinRanges(work.paths, work.runs, work.out, work.scratch);
  }
}

async function countPart({ task, memoryBytes, scratch, port }: WorkerTask & { kind: 'count' }): Promise<void> {
  report = progress => port.postMessage(progress);
  counter ??= new PartCounter({
    memoryBytes,
    scratch: join(scratch, String(threadId)),
    onProgress: progress => report(progress),
  });
  try {
    await counter.count(task);
  } finally {
    port.close();
  }
}
