/** A writer of TensorBoard event files, from the specification and apart from the reader: for tests. */

export interface LoggedScalar {
  readonly tag: string;
  readonly step: number;
  readonly value: number;
  /** As TensorFlow 2 writes it, a tensor of rank 0. */
  readonly isTensor?: boolean;
}

/** An event file with these scalars, one event each; `time` is that of the first event in seconds. */
export function eventFile(scalars: readonly LoggedScalar[], time = 1.7e9): Buffer {
  return Buffer.concat([
    record(Buffer.concat([double(1, time), bytes(3, Buffer.from('brain.Event:2'))])),
    ...scalars.map(({ tag, step, value, isTensor = false }) => {
      const float = Buffer.alloc(4);
      float.writeFloatLE(value);
      const tensor = Buffer.concat([integer(1, 1), bytes(2, Buffer.alloc(0)), bytes(5, float)]);
      const measured = isTensor ? bytes(8, tensor) : Buffer.concat([key(2, 5), float]);
      const summary = bytes(1, Buffer.concat([bytes(1, Buffer.from(tag)), measured]));
      return record(Buffer.concat([double(1, time + step), integer(2, step), bytes(5, summary)]));
    }),
  ]);
}

/** Length, its checksum, data, their checksum. */
export function record(data: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, masked(length), data, masked(data)]);
}

/** CRC-32C bit by bit. */
function masked(data: Buffer): Buffer {
  let crc = 0xffffffffn;
  for (const byte of data) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1n) ^ (crc & 1n ? 0x82f63b78n : 0n);
  }
  crc ^= 0xffffffffn;
  const out = Buffer.alloc(4);
  out.writeUInt32LE(Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn));
  return out;
}

function key(field: number, wireType: number): Buffer {
  return Buffer.from([field * 8 + wireType]);
}

function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
  return Buffer.from([...out, rest]);
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([key(field, 0), varint(value)]);
}

function double(field: number, value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeDoubleLE(value);
  return Buffer.concat([key(field, 1), out]);
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([key(field, 2), varint(value.length), value]);
}
