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

/** Offsets in the file. */
export interface EventRecord {
  /** Where the record begins. */
  readonly byte: number;
  /** Its data, in [from, to). */
  readonly from: number;
  readonly to: number;
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
    const lengthCrc = maskedCrc32c(content, byte, byte + LENGTH_BYTES);
    if (view.getUint32(byte + LENGTH_BYTES, true) !== lengthCrc) throw damaged(path, byte, 'length');
    const from = byte + HEADER_BYTES;
    const to = from + Number(view.getBigUint64(byte, true));
    if (to + CRC_BYTES > content.length) return { records, cutAt: byte };
    if (view.getUint32(to, true) !== maskedCrc32c(content, from, to)) throw damaged(path, byte, 'data');
    records.push({ byte, from, to });
    byte = to + CRC_BYTES;
  }
  return { records, cutAt: undefined };
}

function damaged(path: string, byte: number, part: string): BimixError {
  return new BimixError('invalid-record', `invalid record in ${path}: the checksum of its ${part} does not match`, {
    hint: `Copy the file again. Everything before this byte is intact: head -c ${byte} keeps it.`,
    where: { file: path, byte },
  });
}
