/** Who does the work: worker threads, or this thread. */

import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { BimixError } from '../errors/index.ts';
import { compiledScript } from '../files/index.ts';
import type { WorkerTask, WorkerTrouble } from './count-worker.ts';
import { mergeCountFiles } from './merge-counts.ts';
import { mergeInThreads } from './merge-in-threads.ts';
import { PartCounter } from './part-counter.ts';
import type { PartProgress, PartTask } from './part-task.ts';

export interface Crew {
  count(task: PartTask): Promise<void>;
  merge(paths: readonly string[], out: string): Promise<void>;
  close(): Promise<void>;
}

export interface CrewOptions {
  /** At most; 0 for this thread. */
  readonly workers: number;
  /** How many parts there are to be counted. */
  readonly parts: number;
  /** Of all workers together. */
  readonly memoryBytes: number;
  readonly scratch: string;
  readonly onProgress: (task: PartTask, progress: PartProgress) => void;
  readonly signal: AbortSignal;
}

export function makeCrew(options: CrewOptions): Crew {
  return options.workers === 0 ? thisThread(options) : threads(options);
}

function thisThread({ memoryBytes, scratch, onProgress, signal }: CrewOptions): Crew {
  let current: PartTask | undefined;
  const counter = new PartCounter({
    memoryBytes,
    scratch: join(scratch, 'main'),
    onProgress: progress => current !== undefined && onProgress(current, progress),
    signal,
  });
  let last: Promise<void> = Promise.resolve();
  const afterLast = (work: () => Promise<unknown>): Promise<void> => {
    last = last.then(async () => {
      signal.throwIfAborted();
      await work();
    });
    return last;
  };
  return {
    count: task =>
      afterLast(() => {
        current = task;
        return counter.count(task);
      }),
    merge: (paths, out) => afterLast(() => mergeCountFiles(paths, out, { signal })),
    close: async () => {},
  };
}

function threads({ workers, parts, memoryBytes, scratch, onProgress, signal }: CrewOptions): Crew {
  const counters = Math.max(1, Math.min(workers, parts));
  const pool = new Piscina<WorkerTask, WorkerTrouble>({
    filename: compiledScript(import.meta.url, 'count-worker'),
    minThreads: counters,
    maxThreads: workers,
  });
  let merges = 0;
  const run = async (work: WorkerTask, transferList: MessagePortList = []) => {
    const trouble = await pool.run(work, { signal, transferList });
    if (trouble !== null) throw new BimixError(trouble.code, trouble.message, trouble);
  };
  return {
    async count(task) {
      const { port1, port2 } = new MessageChannel();
      port1.on('message', (progress: PartProgress) => onProgress(task, progress));
      try {
        await run({ kind: 'count', task, memoryBytes: memoryBytes / counters, scratch, port: port2 }, [port2]);
      } finally {
        port1.close();
      }
    },
    merge: (paths, out) => mergeInThreads(paths, out, { workers, scratch, name: `merge-${merges++}` }, run),
    close: () => pool.destroy(),
  };
}

type MessagePortList = MessageChannel['port2'][];
