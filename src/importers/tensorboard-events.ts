/**
 * Scalars in the events of TensorBoard (`event.proto`, `summary.proto`, `tensor.proto`), read from the protobuf wire format:
 * `simple_value`, as PyTorch writes it, and tensors of rank 0, as TensorFlow 2 does.
 */

import { BimixError } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';
import type { EventRecord } from './tensorboard-records.ts';

/** One value of one tag. */
export interface Scalar {
  readonly tag: string;
  readonly step: number;
  readonly value: number;
  /** Where its record begins. */
  readonly byte: number;
}

export interface Events {
  /** Seconds since 1970 of the first event; 0 where there is none. */
  readonly time: number;
  readonly scalars: readonly Scalar[];
}

/** Numbers of fields. */
const EVENT = { time: 1, step: 2, summary: 5 } as const;
const SUMMARY = { value: 1 } as const;
const VALUE = { tag: 1, simple: 2, tensor: 8 } as const;
const TENSOR = { type: 1, shape: 2, content: 4, floats: 5, doubles: 6 } as const;
/** Types of elements, and their bytes. */
const ITEM_BYTES: Readonly<Record<number, number>> = { 1: 4, 2: 8 };
const FLOAT = 1;

/**
 * @throws BimixError `invalid-record` with the byte of a record that is no event
 */
export function readEvents({ path, content }: InputFile, records: readonly EventRecord[]): Events {
  const reader = new EventReader(content);
  for (const record of records) {
    try {
      reader.read(record);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new BimixError('invalid-record', `invalid record in ${path}: it is not a TensorBoard event`, {
        where: { file: path, byte: record.byte },
        cause,
      });
    }
  }
  return { time: reader.time ?? 0, scalars: reader.scalars };
}

/** Its methods throw a RangeError where the bytes are not what they should be. */
class EventReader {
  time: number | undefined;
  readonly scalars: Scalar[] = [];
  readonly #bytes: Buffer;

  constructor({ buffer, byteOffset, length }: Uint8Array) {
    this.#bytes = Buffer.from(buffer, byteOffset, length);
  }

  read({ byte, from, to }: EventRecord): void {
    let time = 0;
    let step = 0;
    const first = this.scalars.length;
    this.#eachField(from, to, (field, varint, start, end) => {
      if (field === EVENT.time) time = this.#float(start, end, 8);
      else if (field === EVENT.step) step = varint;
      else if (field === EVENT.summary) this.#summary(start, end, byte);
    });
    this.time ??= time;
    // The step may come after the values.
    for (let i = first; i < this.scalars.length; i++) this.scalars[i] = { ...this.scalars[i], step };
  }

  #summary(from: number, to: number, byte: number): void {
    this.#eachField(from, to, (field, _, start, end) => {
      if (field !== SUMMARY.value) return;
      let tag: string | undefined;
      let value: number | undefined;
      this.#eachField(start, end, (inner, _varint, at, until) => {
        if (inner === VALUE.tag) tag = this.#bytes.toString('utf8', at, until);
        else if (inner === VALUE.simple) value = this.#float(at, until, 4);
        else if (inner === VALUE.tensor) value = this.#tensor(at, until);
      });
      if (tag !== undefined && value !== undefined) this.scalars.push({ tag, step: 0, value, byte });
    });
  }

  /** The value of a tensor of rank 0 in single or double precision; undefined for any other. */
  #tensor(from: number, to: number): number | undefined {
    let type = 0;
    let isScalar = true;
    const items = new Map<number, readonly [start: number, end: number]>();
    this.#eachField(from, to, (field, varint, start, end) => {
      if (field === TENSOR.type) type = varint;
      else if (field === TENSOR.shape) isScalar = start === end;
      else items.set(field, [start, end]);
    });
    if (!isScalar || !Object.hasOwn(ITEM_BYTES, type)) return undefined;
    const item = items.get(TENSOR.content) ?? items.get(type === FLOAT ? TENSOR.floats : TENSOR.doubles);
    // A tensor without content is one of the default value.
    return item === undefined ? 0 : this.#float(item[0], item[1], ITEM_BYTES[type]);
  }

  #float(from: number, to: number, bytes: number): number {
    if (to - from !== bytes) throw new RangeError(`${to - from} bytes where ${bytes} should be`);
    return bytes === 4 ? this.#bytes.readFloatLE(from) : this.#bytes.readDoubleLE(from);
  }

  /**
   * Visits the fields of a message: the number, the value of a varint (NaN for another type), and the bytes of the value.
   */
  #eachField(
    from: number,
    to: number,
    visit: (field: number, varint: number, start: number, end: number) => void,
  ): void {
    const bytes = this.#bytes;
    let at = from;
    const varint = (): number => {
      let value = 0;
      for (let scale = 1; at < to && scale < 2 ** 70; scale *= 128) {
        const byte = bytes[at++];
        value += (byte & 0x7f) * scale;
        if (byte < 0x80) return value;
      }
      throw new RangeError('a varint without end');
    };
    while (at < to) {
      const key = varint();
      const start = at;
      const wireType = key % 8;
      let value = Number.NaN;
      let begin = start;
      if (wireType === 0) value = varint();
      else if (wireType === 1) at += 8;
      else if (wireType === 5) at += 4;
      else if (wireType === 2) {
        const length = varint();
        begin = at;
        at += length;
      } else throw new RangeError('an unknown wire type');
      if (at > to) throw new RangeError('a field longer than its message');
      visit(Math.floor(key / 8), value, begin, at);
    }
  }
}
