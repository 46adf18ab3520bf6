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

/** One field: a varint as number, else its bytes. */
interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

const EVENT = { time: 1, step: 2, summary: 5 } as const;
const SUMMARY = { value: 1 } as const;
const VALUE = { tag: 1, simple: 2, tensor: 8 } as const;
const TENSOR = { type: 1, shape: 2, content: 4, floats: 5, doubles: 6 } as const;
const FLOAT = 1;
const DOUBLE = 2;

/**
 * @throws BimixError `invalid-record` with the byte of a record that is no event
 */
export function readEvents({ path }: InputFile, records: readonly EventRecord[]): Events {
  const text = new TextDecoder();
  let time = 0;
  const scalars = records.flatMap(({ data, byte }, index) => {
    try {
      const event = fieldsOf(data);
      const step = Number(last(event, EVENT.step) ?? 0);
      if (index === 0) time = floatAt(last(event, EVENT.time)) ?? 0;
      const values = event
        .filter(({ number }) => number === EVENT.summary)
        .flatMap(({ value }) => fieldsOf(bytesOf(value)).filter(({ number }) => number === SUMMARY.value));
      return values.flatMap(({ value }): Scalar[] => {
        const fields = fieldsOf(bytesOf(value));
        const scalar = floatAt(last(fields, VALUE.simple)) ?? tensorValue(last(fields, VALUE.tensor));
        const tag = last(fields, VALUE.tag);
        return scalar === undefined || tag === undefined
          ? []
          : [{ tag: text.decode(bytesOf(tag)), step, value: scalar, byte }];
      });
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new BimixError('invalid-record', `invalid record in ${path}: it is no event of TensorBoard`, {
        where: { file: path, byte },
        cause,
      });
    }
  });
  return { time, scalars };
}

/** The value of a tensor of rank 0 in single or double precision; undefined for any other. */
function tensorValue(tensor: Field['value'] | undefined): number | undefined {
  if (tensor === undefined) return undefined;
  const fields = fieldsOf(bytesOf(tensor));
  const type = last(fields, TENSOR.type);
  const shape = last(fields, TENSOR.shape);
  const isScalar = shape === undefined || bytesOf(shape).length === 0;
  if (!isScalar || (type !== FLOAT && type !== DOUBLE)) return undefined;
  const content = last(fields, TENSOR.content) ?? last(fields, type === FLOAT ? TENSOR.floats : TENSOR.doubles);
  // A tensor without content is one of the default value.
  return content === undefined ? 0 : floatAt(content);
}

/** Of a field given twice the last counts, as in protobuf. */
function last(fields: readonly Field[], number: number): Field['value'] | undefined {
  return fields.findLast(field => field.number === number)?.value;
}

/** Four bytes as a single, eight as a double. */
function floatAt(value: Field['value'] | undefined): number | undefined {
  if (value === undefined) return undefined;
  const bytes = bytesOf(value);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

function bytesOf(value: Field['value']): Uint8Array {
  if (typeof value === 'number') throw new RangeError('a number where bytes should be');
  return value;
}

/**
 * The fields of a message.
 *
 * @throws RangeError when the bytes are none
 */
function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= bytes.length) break;
      const byte = bytes[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a varint without end');
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError('a field longer than its message');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = varint();
    const [number, wireType] = [Math.floor(key / 8), key % 8];
    if (wireType === 0) fields.push({ number, value: varint() });
    else if (wireType === 1) fields.push({ number, value: take(8) });
    else if (wireType === 2) fields.push({ number, value: take(varint()) });
    else if (wireType === 5) fields.push({ number, value: take(4) });
    else throw new RangeError('an unknown wire type');
  }
  return fields;
}
