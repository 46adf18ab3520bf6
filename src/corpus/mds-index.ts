/** `index.json` of a folder in MosaicML's MDS format (streaming/base/format/mds): the shards, and what a sample is made of. */

import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { BimixError, parseCheckedJson } from '../errors/index.ts';
import { readInputFile } from '../files/index.ts';

export const MDS_INDEX = 'index.json';

const count = z.int().nonnegative();
const FileSchema = z.object({ basename: z.string(), bytes: count });

const IndexSchema = z.object({
  version: z.literal(2),
  shards: z.array(
    z.object({
      format: z.literal('mds'),
      column_names: z.array(z.string()),
      column_encodings: z.array(z.string()),
      column_sizes: z.array(count.nullable()),
      compression: z.string().nullish(),
      raw_data: FileSchema,
      zip_data: FileSchema.nullish(),
      samples: count,
    }),
  ),
});

interface MdsColumn {
  readonly name: string;
  readonly encoding: string;
  /** Bytes of each value, null where each says its own. */
  readonly size: number | null;
}

export interface MdsShard {
  /** The file that is there: the uncompressed one if both are. */
  readonly path: string;
  readonly bytes: number;
  /** Bytes after decompression. */
  readonly rawBytes: number;
  readonly samples: number;
  /** In the order of a sample. */
  readonly columns: readonly MdsColumn[];
}

/** Whether a folder holds an `index.json` that lists shards. */
export function isMdsFolder(folder: string): boolean {
  const head = Buffer.alloc(4096);
  let file: number;
  try {
    file = openSync(path.join(folder, MDS_INDEX), 'r');
  } catch {
    return false;
  }
  try {
    return head.toString('utf8', 0, readSync(file, head)).includes('"shards"');
  } finally {
    closeSync(file);
  }
}

/**
 * Reads the index; shards without samples are left out.
 *
 * @throws BimixError `missing-file` (the index or a shard), `invalid-mds` (not an index, sizes of shards, compression)
 */
export async function readMdsIndex(folder: string): Promise<readonly MdsShard[]> {
  const file = path.join(folder, MDS_INDEX);
  const { shards } = parseCheckedJson((await readInputFile(file)).text(), IndexSchema, {
    code: 'invalid-mds',
    what: `MDS file ${file}`,
    file,
    hint: COPY_HINT,
  });
  return shards
    .filter(({ samples }) => samples > 0)
    .map(shard => {
      const { raw_data: raw, zip_data: zip, compression } = shard;
      const stored = zip != null && !existsSync(path.join(folder, raw.basename)) ? zip : raw;
      if (stored === zip && !/^(?:gz|zstd)(?::|$)/.test(compression ?? '')) {
        const found = compression == null ? 'it does not say with what' : `with ${compression}`;
        throw invalidMds(file, `${zip.basename} is compressed, ${found}, expected gz or zstd`);
      }
      return {
        path: path.join(folder, stored.basename),
        bytes: stored.bytes,
        rawBytes: raw.bytes,
        samples: shard.samples,
        columns: shard.column_names.map((name, i) => ({
          name,
          encoding: shard.column_encodings[i] ?? '',
          size: shard.column_sizes[i] ?? null,
        })),
      };
    });
}

const COPY_HINT = 'Is it copied whole, with the index.json it was written with?';

export function invalidMds(file: string, trouble: string, byte?: number, cause?: unknown): BimixError {
  return new BimixError('invalid-mds', `invalid MDS file ${file}: ${trouble}`, {
    hint: COPY_HINT,
    where: { file, ...(byte === undefined ? {} : { byte }) },
    cause,
  });
}
