/**
 * Records of a TensorBoard event file (tensorflow `core/lib/io/record_writer.h`): length (u64), masked CRC-32C of the length,
 * data, masked CRC-32C of the data; numbers are little-endian.
 */

import { BimixError } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';
import { maskedCrc32c } from './crc32c.ts';

const LENGTH_BYTES = 8;
const CRC_BYTES = 4;
const HEADER_BYTES = LENGTH_BYTES + CRC_BYTES;

export interface EventRecord {
  readonly data: Uint8Array;
  /** Where the record begins. */
  readonly byte: number;
}

export interface EventRecords {
  readonly records: readonly EventRecord[];
  /** Where the last record begins, if the file ends within it. */
  readonly cutAt: number | undefined;
}

/**
 * All whole records.
 *
 * @throws BimixError `invalid-record` with the byte where a record begins whose checksums do not fit
 */
export function readRecords({ path, content }: InputFile): EventRecords {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const records: EventRecord[] = [];
  let byte = 0;
  while (byte < content.length) {
    if (content.length - byte < HEADER_BYTES) return { records, cutAt: byte };
    const header = content.subarray(byte, byte + LENGTH_BYTES);
    if (view.getUint32(byte + LENGTH_BYTES, true) !== maskedCrc32c(header)) throw damaged(path, byte, 'length');
    const length = Number(view.getBigUint64(byte, true));
    const end = byte + HEADER_BYTES + length;
    if (end + CRC_BYTES > content.length) return { records, cutAt: byte };
    const data = content.subarray(byte + HEADER_BYTES, end);
    if (view.getUint32(end, true) !== maskedCrc32c(data)) throw damaged(path, byte, 'data');
    records.push({ data, byte });
    byte = end + CRC_BYTES;
  }
  return { records, cutAt: undefined };
}

function damaged(path: string, byte: number, part: string): BimixError {
  return new BimixError('invalid-record', `invalid record in ${path}: the checksum of its ${part} does not fit`, {
    hint: `Copy the file again. What stands before is whole: head -c ${byte} keeps it.`,
    where: { file: path, byte },
  });
}
