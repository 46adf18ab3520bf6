/**
 * Threads at work. A job is a number of items; whoever is free claims the next one. What an item computes depends on its index
 * alone, so it does not matter which thread takes it.
 */

import { reduceChunk, updateChunk } from './adamw';
import {
  batchSequences, context, DONE, evaluatedSequences, gradients, groupSequences, parameterFloats, shards, TICKET,
} from './memory-map';
import { runGroup } from './model';

const TRAIN: i32 = 1;
const REDUCE: i32 = 2;
const UPDATE: i32 = 3;
const EVALUATE: i32 = 4;
const QUIT: i32 = 5;

/**
 * Takes items of the job at hand until none is left. A ticket holds job, number of items and next item in one word, so that a
 * late thread cannot take an item of one job for another's. Waiting for jobs and for their end is left to JavaScript.
 *
 * @returns false at the end of all work
 */
export function claimAll(): bool {
  while (true) {
    const ticket = atomic.add<u64>(TICKET, 1);
    const kind = (ticket >> 56) as i32;
    if (kind == QUIT) return false;
    const item = (ticket & 0xffffffff) as i32;
    const items = ((ticket >> 32) & 0xffffff) as i32;
    if (item >= items) return true;
    if (kind == TRAIN) trainShard(item);
    else if (kind == REDUCE) reduceChunk(item);
    else if (kind == UPDATE) updateChunk(item);
    else if (kind == EVALUATE) evaluateGroup(item);
    atomic.add<i32>(DONE, 1);
  }
}

/** The gradient of a fixed part of the batch. */
function trainShard(shard: i32): void {
  const sequences = batchSequences();
  const start = (shard * sequences) / shards();
  const end = ((shard + 1) * sequences) / shards();
  const bytes: u32 = parameterFloats() << 2;
  const gradient = gradients() + shard * bytes;
  const scale: f32 = 1 / ((sequences * context()) as f32);
  memory.fill(gradient, 0, bytes);
  for (let first = start; first < end; first += groupSequences()) {
    runGroup(first, min(groupSequences(), end - first), gradient, scale);
  }
}

function evaluateGroup(group: i32): void {
  const first = group * groupSequences();
  runGroup(first, min(groupSequences(), evaluatedSequences() - first), 0, 0);
}
