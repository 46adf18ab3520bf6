/** A writer of MosaicML's MDS, as MDSWriter.encode_joint_shard writes it, apart from the reader: for tests. */

import { gzipSync } from 'node:zlib';
import { storedFrame, u32 } from './corpus-files.ts';

export type MdsColumn = readonly [name: string, encoding: string, size: number | null];

/** One shard; columns are sorted by name. */
export function mdsShard(columns: readonly MdsColumn[], samples: readonly (readonly Uint8Array[])[]): Buffer {
  const config = Buffer.from(JSON.stringify({ column_names: columns.map(([name]) => name), format: 'mds' }));
  const bodies = samples.map(values => {
    const sizes = values.filter((_, i) => columns[i][2] === null).map(value => value.length);
    return Buffer.concat([u32(...sizes), ...values]);
  });
  const offsets = [4 + 4 * (samples.length + 1) + config.length];
  for (const body of bodies) offsets.push(offsets[offsets.length - 1] + body.length);
  return Buffer.concat([u32(samples.length, ...offsets), config, ...bodies]);
}

/** The files of a folder, its index first. */
export function mdsFiles(
  columns: readonly MdsColumn[],
  shards: readonly (readonly (readonly Uint8Array[])[])[],
  packing?: 'zstd' | 'gz',
): ReadonlyMap<string, Buffer> {
  const written = shards.map((samples, i) => {
    const raw = mdsShard(columns, samples);
    const basename = `shard.${String(i).padStart(5, '0')}.mds`;
    const content = packing === 'zstd' ? storedFrame(raw) : packing === 'gz' ? gzipSync(raw) : raw;
    const name = packing === undefined ? basename : `${basename}.${packing}`;
    const entry = {
      column_encodings: columns.map(([, encoding]) => encoding),
      column_names: columns.map(([name]) => name),
      column_sizes: columns.map(([, , size]) => size),
      compression: packing === undefined ? null : `${packing}:3`,
      format: 'mds',
      hashes: [],
      raw_data: { basename, bytes: raw.length, hashes: {} },
      samples: samples.length,
      size_limit: 67108864,
      version: 2,
      zip_data: packing === undefined ? null : { basename: name, bytes: content.length, hashes: {} },
    };
    return { name, content, entry };
  });
  const index = JSON.stringify({ shards: written.map(({ entry }) => entry), version: 2 });
  return new Map([
    ['index.json', Buffer.from(index)],
    ...written.map(({ name, content }): [string, Buffer] => [name, content]),
  ]);
}
