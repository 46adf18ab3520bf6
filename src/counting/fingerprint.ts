/** Distinguishes versions of a file without reading all of it. */

import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface Fingerprint {
  /** Same for a copy of the file. */
  readonly content: string;
  /** Newest modification, in milliseconds; a copy may have another. */
  readonly modified: number;
}

const EDGE_BYTES = 65_536;

/**
 * SHA-256 over size, first and last 64 KiB of a file and of the index beside it, if it has one (Megatron's `.idx`,
 * datatrove's `.index`); over names and sizes of the files in a folder.
 */
export async function fingerprint(path: string): Promise<Fingerprint> {
  const hash = createHash('sha256');
  let modified = 0;
  for (const part of [path, path.replace(/\.bin$/i, '.idx'), `${path}.index`, `${path}.bin`, `${path}.idx`]) {
    if (part === path && modified > 0) continue;
    const stats = await stat(part).catch(() => null);
    if (stats === null) continue;
    modified = Math.max(modified, stats.mtimeMs);
    hash.update(`${stats.size}\n`);
    if (stats.isDirectory()) hash.update(await listing(part));
    else await addEdges(hash, part, stats.size);
  }
  return { content: hash.digest('hex').slice(0, 32), modified };
}

async function listing(folder: string): Promise<string> {
  const names = (await readdir(folder)).sort();
  const sizes = await Promise.all(names.map(async name => (await stat(join(folder, name))).size));
  return names.map((name, i) => `${name}\t${sizes[i]}\n`).join('');
}

async function addEdges(hash: ReturnType<typeof createHash>, path: string, size: number): Promise<void> {
  const file = await open(path);
  try {
    const edge = Buffer.alloc(Math.min(EDGE_BYTES, size));
    for (const position of [0, size - edge.length]) {
      const { bytesRead } = await file.read(edge, 0, edge.length, position);
      hash.update(edge.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
