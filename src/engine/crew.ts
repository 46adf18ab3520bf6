/** The threads at work, the calling one among them. */

import { Worker } from 'node:worker_threads';
import { kernelModule } from './kernels.ts';
import type { EngineMemory } from './memory-map.ts';

/** As in assembly/crew.ts. */
const JOBS = { train: 1n, reduce: 2n, update: 3n, evaluate: 4n, quit: 5n };

/**
 * The few words of JavaScript that another thread runs, the same from sources and from a build. It waits here and not in the
 * kernels: in code of Node 20's baseline compiler, a loop around WebAssembly's own wait went on after its condition had come true.
 */
const THREAD = `
const { module, memory, thread, done, generation } = require('node:worker_threads').workerData;
const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports;
kernels.enterWorkspace(thread);
for (;;) {
  const seen = Atomics.load(generation, 0);
  if (!kernels.claimAll()) break;
  Atomics.notify(done, 0);
  Atomics.wait(generation, 0, seen);
}
`;

export interface Crew {
  /** Hands a job to all threads, takes part, and returns when every item is done. */
  run(job: keyof typeof JOBS, items: number): void;
  close(): Promise<void>;
}

/** @param threads with the calling one */
export async function startCrew(map: EngineMemory, threads: number): Promise<Crew> {
  const { kernels, memory, ticket, done, generation } = map;
  const workers = Array.from({ length: threads - 1 }, (_, i) => {
    const workerData = { module: kernelModule(), memory, thread: i + 1, done, generation };
    return new Worker(THREAD, { eval: true, workerData });
  });
  const exits = workers.map(worker => new Promise(resolve => worker.once('exit', resolve)));
  await Promise.all(
    workers.map(worker => new Promise((resolve, reject) => worker.once('online', resolve).once('error', reject))),
  );
  for (const worker of workers) worker.unref();
  kernels.enterWorkspace(0);

  const handOut = (job: keyof typeof JOBS, items: number) => {
    Atomics.store(done, 0, 0);
    Atomics.store(ticket, 0, (JOBS[job] << 56n) | (BigInt(items) << 32n));
    Atomics.add(generation, 0, 1);
    Atomics.notify(generation, 0);
  };
  return {
    run(job, items) {
      handOut(job, items);
      kernels.claimAll();
      for (let count = Atomics.load(done, 0); count < items; count = Atomics.load(done, 0))
        Atomics.wait(done, 0, count);
    },
    async close() {
      handOut('quit', 0);
      for (const worker of workers) worker.ref();
      await Promise.all(exits);
    },
  };
}
