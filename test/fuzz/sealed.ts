/** Files that checksums guard: one part is changed and sealed again, so that readers come to see what else may be wrong. */

import { gunzipSync, gzipSync } from 'node:zlib';
import xxhash from 'xxhash-wasm';
import { record } from '../event-file.ts';
import { oneOf, type Random } from './random.ts';

const { h64Raw } = await xxhash();
const COUNTS = 'bimix-counts 1\n';
/** Of a frame: kind, length, checksum. */
const FRAME_HEAD = 16;
/** Of a record: length and its checksum; then the data and theirs. */
const RECORD_HEAD = 12;

export type Change = (content: Buffer) => Buffer;

/** The file with what is under a seal changed; undefined for one without seals. */
export function resealed(random: Random, content: Buffer, change: Change): Buffer | undefined {
  if (content[0] === 0x1f && content[1] === 0x8b) return gzipSync(change(gunzipSync(content)));
  if (content.toString('latin1', 0, COUNTS.length) === COUNTS) {
    const frames = partsOf(content.subarray(COUNTS.length), FRAME_HEAD, 0, frame => frame.readUInt32LE(4));
    return Buffer.concat([Buffer.from(COUNTS), ...withOne(random, frames, frame => framed(frame, change))]);
  }
  if (!content.subarray(0, 64).includes('brain.Event:')) return undefined;
  const records = partsOf(content, RECORD_HEAD, 4, event => Number(event.readBigUInt64LE()));
  return Buffer.concat(withOne(random, records, event => record(change(event.subarray(RECORD_HEAD, -4)))));
}

function partsOf(content: Buffer, head: number, tail: number, lengthOf: (part: Buffer) => number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < content.length; at += parts[parts.length - 1].length) {
    const rest = content.subarray(at);
    parts.push(rest.subarray(0, head + lengthOf(rest) + tail));
  }
  return parts;
}

function withOne(random: Random, parts: readonly Buffer[], change: Change): Buffer[] {
  const chosen = oneOf(random, parts);
  return parts.map(part => (part === chosen ? change(part) : part));
}

function framed(frame: Buffer, change: Change): Buffer {
  const payload = change(frame.subarray(FRAME_HEAD));
  const head = Buffer.from(frame.subarray(0, FRAME_HEAD));
  head.writeUInt32LE(payload.length, 4);
  head.writeBigUInt64LE(h64Raw(payload), 8);
  return Buffer.concat([head, payload]);
}
