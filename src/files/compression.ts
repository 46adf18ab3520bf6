/** Compressions that bimix does not read, by their first bytes. */

import { BimixError } from '../errors/index.ts';

interface Compression {
  readonly name: string;
  readonly magic: readonly number[];
  /** Prints the content of a file. */
  readonly command: string;
}

const UNREAD: readonly Compression[] = [
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], command: 'xz -dc' },
  // Its level, then the digits of pi.
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68, -1, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59], command: 'bzip2 -dc' },
  { name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18], command: 'lz4 -dc' },
  { name: 'lzip', magic: [0x4c, 0x5a, 0x49, 0x50], command: 'lzip -dc' },
  { name: 'zip', magic: [0x50, 0x4b, 3, 4], command: 'unzip -p' },
  { name: '7z', magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], command: '7z e -so' },
];
const ZSTD: Compression = { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd], command: 'zstd -dc' };

/** Bytes from which a compression is recognized. */
export const COMPRESSION_HEAD_BYTES = 10;

/**
 * @param head the first bytes of the file, as it lies on disk
 * @param readable the compression to change to: corpora are read as gzip and zstd, other files as gzip
 * @throws BimixError `unknown-compression`, with the command that changes it
 */
export function checkCompression(path: string, head: Uint8Array, readable: 'gz' | 'zst'): void {
  const compressions = readable === 'gz' ? [...UNREAD, ZSTD] : UNREAD;
  const found = compressions.find(({ magic }) => magic.every((byte, i) => byte === -1 || head[i] === byte));
  if (found === undefined) return;
  const bare = path.replace(/\.(?:xz|lzma|bz2|lz4|lz|zip|7z|zst|zstd)$/i, '');
  const [kinds, pack] = readable === 'gz' ? ['plain and gz files', 'gzip >'] : ['plain, gz and zst files', 'zstd -o'];
  throw new BimixError('unknown-compression', `unknown compression of ${path}: it is ${found.name}`, {
    hint: `bimix reads ${kinds}. Convert it: ${found.command} ${path} | ${pack} ${bare}.${readable}`,
    where: { file: path },
  });
}
