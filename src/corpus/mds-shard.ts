/**
 * One shard of MDS, read from front to back: u32 samples n; u32 places of n samples and of the end; the columns as JSON;
 * the samples. A sample has the u32 size of each value of a column without a fixed one, then the values.
 */

import { type ByteReader, byteReader } from './byte-reader.ts';
import { fileContent, inspectFile } from './byte-stream.ts';
import { invalidMds, type MdsShard } from './mds-index.ts';
import type { Meter } from './source-file.ts';

export interface MdsValue {
  /** In an ArrayBuffer of its own. */
  readonly bytes: Buffer;
  /** Where it stands in the shard, decompressed. */
  readonly byte: number;
}

/**
 * The values of one column.
 *
 * @throws BimixError `invalid-mds` with the byte in the decompressed shard, `invalid-gzip`, `invalid-zstd`
 */
export async function* mdsValues(shard: MdsShard, column: string, meter: Meter): AsyncGenerator<MdsValue> {
  const file = await inspectFile(shard.path);
  if (file.size !== shard.bytes) {
    const trouble = `it has ${file.size} bytes, its index says ${shard.bytes}`;
    throw invalidMds(shard.path, trouble, Math.min(file.size, shard.bytes));
  }
  const chunks = fileContent(shard.path, file, meter)[Symbol.asyncIterator]();
  const reader = byteReader(chunks);
  try {
    const places = await readPlaces(shard, reader);
    for (let sample = 0; sample < shard.samples; sample++) {
      const bytes = await exactly(shard, reader, places[sample + 1] - places[sample]);
      yield columnValue(shard, column, bytes, places[sample]);
    }
    const rest = await reader.take(1);
    if (rest.length > 0) throw invalidMds(shard.path, 'something follows its last sample', places[shard.samples]);
  } finally {
    await chunks.return?.();
  }
}

/** Where samples begin, and the end; passes over the columns as JSON. */
async function readPlaces(shard: MdsShard, reader: ByteReader): Promise<Uint32Array> {
  const { path, samples } = shard;
  const count = asUint32s(await exactly(shard, reader, 4))[0];
  if (count !== samples) throw invalidMds(path, `it has ${count} samples, its index says ${samples}`, 0);
  const places = asUint32s(await exactly(shard, reader, 4 * (samples + 1)));
  let previous = reader.position();
  places.forEach((place, sample) => {
    if (place < previous || place > shard.rawBytes) {
      throw invalidMds(path, `sample ${sample} begins at byte ${place}, which cannot be`, 4 + 4 * sample);
    }
    previous = place;
  });
  if (places[samples] !== shard.rawBytes) {
    const trouble = `its samples end at byte ${places[samples]}, its index says ${shard.rawBytes}`;
    throw invalidMds(path, trouble, 4 + 4 * samples);
  }
  await reader.skip(places[0] - reader.position());
  return places;
}

function columnValue(shard: MdsShard, column: string, sample: Uint8Array, byte: number): MdsValue {
  const variable = shard.columns.filter(({ size }) => size === null).length;
  let at = 4 * variable;
  if (at > sample.length) throw invalidMds(shard.path, 'a sample is too short for the sizes of its values', byte);
  const sizes = asUint32s(sample.subarray(0, at));
  let value: MdsValue | undefined;
  let next = 0;
  for (const { name, size } of shard.columns) {
    const length = size ?? sizes[next++];
    if (name === column) value = { bytes: ownBytes(sample.subarray(at, at + length)), byte: byte + at };
    at += length;
  }
  if (at !== sample.length)
    throw invalidMds(shard.path, `a sample of ${sample.length} bytes has values of ${at}`, byte);
  if (value === undefined) throw invalidMds(shard.path, `it has no column "${column}", other shards do`, byte);
  return value;
}

async function exactly(shard: MdsShard, reader: ByteReader, length: number): Promise<Uint8Array> {
  const bytes = await reader.take(length);
  if (bytes.length < length) throw invalidMds(shard.path, 'it is truncated', reader.position());
  return bytes;
}

function asUint32s(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(ownBytes(bytes).buffer);
}

function ownBytes(bytes: Uint8Array): Buffer {
  const own = Buffer.allocUnsafeSlow(bytes.length);
  own.set(bytes);
  return own;
}
