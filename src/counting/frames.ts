/**
 * Files as frames: a kind of four letters, the payload's length (32 bits) and XXH64 (64 bits), both little-endian, then the
 * payload. The last frame is DONE and holds how many came before it (32 bits), so that a file that lost its end, or a frame,
 * is known for it.
 *
 * Reads and writes are synchronous: a worker has nothing else to do meanwhile.
 */

import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import xxhash from 'xxhash-wasm';
import { BimixError } from '../errors/index.ts';
import { outputError } from '../files/index.ts';

export type FrameKind = 'HEAD' | 'UNIG' | 'PAIR' | 'DONE';

const FRAME_HEAD = 16;
const { h64Raw } = await xxhash();

export class FrameWriter {
  readonly #path: string;
  readonly #file: number;
  readonly #head = Buffer.alloc(FRAME_HEAD);
  #frames = 0;
  #isOpen = true;

  /**
   * Opens a new file, or empties one.
   *
   * @throws BimixError invalid-output when it cannot be written, as do the methods
   */
  constructor(path: string, opening = '') {
    this.#path = path;
    this.#file = written(path, () => openSync(path, 'w'));
    if (opening !== '') this.#write(Buffer.from(opening));
  }

  write(kind: FrameKind, payload: Uint8Array): void {
    this.#head.write(kind, 0, 'latin1');
    this.#head.writeUInt32LE(payload.length, 4);
    this.#head.writeBigUInt64LE(h64Raw(payload), 8);
    this.#write(this.#head);
    this.#write(payload);
    this.#frames++;
  }

  #write(bytes: Uint8Array): void {
    written(this.#path, () => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    });
  }

  /** Ends the file and sees it onto the disk. */
  finish(): void {
    const count = Buffer.alloc(4);
    count.writeUInt32LE(this.#frames);
    this.write('DONE', count);
    written(this.#path, () => fsyncSync(this.#file));
    this.close();
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }
}

export class FrameReader {
  readonly path: string;
  /** Kind of the next frame. */
  kind: FrameKind | null = null;
  readonly #file: number;
  readonly #bytes: number;
  readonly #head = Buffer.alloc(FRAME_HEAD);
  /** Where the next frame begins. */
  #at: number;
  /** Where the frame read last begins. */
  #lastAt = 0;
  #length = 0;
  #frames = 0;
  #buffer = Buffer.alloc(0);

  /**
   * @param opening what the file must begin with
   * @throws BimixError missing-file, or invalid-counts when it begins otherwise
   */
  constructor(path: string, opening = '') {
    this.path = path;
    this.#file = openFile(path);
    try {
      const stats = fstatSync(this.#file);
      this.#bytes = stats.size;
      if (stats.isDirectory()) this.refuse('it is a folder', 0);
      this.#at = opening.length;
      const found = Buffer.alloc(opening.length);
      this.#read(found, 0);
      if (found.toString('latin1') !== opening) this.refuse('it does not begin like a count file of this version', 0);
      this.#peek();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Payload of the next frame, valid until the next call. */
  read(): Uint8Array {
    if (this.#buffer.length < this.#length) this.#buffer = Buffer.alloc(this.#length);
    const payload = this.#buffer.subarray(0, this.#length);
    this.#read(payload, this.#at + FRAME_HEAD);
    if (h64Raw(payload) !== this.#head.readBigUInt64LE(8)) this.refuse('its checksum does not fit', this.#at);
    this.#goOn();
    return payload;
  }

  /** Passes over the next frame, unread. */
  skip(): void {
    this.#goOn();
  }

  /** Length of the next frame's payload. */
  get length(): number {
    return this.#length;
  }

  /** First bytes of the next frame's payload, unchecked. */
  beginning(bytes: number): Uint8Array {
    const beginning = Buffer.alloc(Math.min(bytes, this.#length));
    this.#read(beginning, this.#at + FRAME_HEAD);
    return beginning;
  }

  #goOn(): void {
    this.#frames++;
    this.#lastAt = this.#at;
    this.#at += FRAME_HEAD + this.#length;
    if (this.kind !== 'DONE') this.#peek();
    else if (this.#at < this.#bytes) this.refuse(`${this.#bytes - this.#at} bytes follow its end`, this.#at);
  }

  /** Reads the last frame. */
  readEnd(): void {
    const frames = this.#frames;
    if (this.kind !== 'DONE') this.refuse(`a ${this.kind} frame where its end should be`, this.#at);
    const payload = this.read();
    const count = payload.length === 4 ? Buffer.from(payload).readUInt32LE() : -1;
    if (count !== frames) this.refuse(`${count} frames were written, ${frames} are here`, this.#lastAt);
  }

  close(): void {
    closeSync(this.#file);
  }

  /** @param at offset of the trouble; default the frame that was read last */
  refuse(what: string, at = this.#lastAt): never {
    throw new BimixError('invalid-counts', `invalid count file ${this.path}: ${what}`, {
      hint: 'It was cut off or damaged, or is no count file. Delete it and count again.',
      where: { file: this.path, byte: at },
    });
  }

  #peek(): void {
    this.#read(this.#head, this.#at);
    const kind = this.#head.toString('latin1', 0, 4);
    if (!isKind(kind)) this.refuse('what should be a frame is none', this.#at);
    this.kind = kind;
    this.#length = this.#head.readUInt32LE(4);
    if (this.#at + FRAME_HEAD + this.#length > this.#bytes) this.#refuseEnd();
  }

  #read(target: Buffer, from: number): void {
    for (let at = 0; at < target.length; ) {
      const count = readSync(this.#file, target, at, target.length - at, from + at);
      if (count === 0) this.#refuseEnd();
      at += count;
    }
  }

  #refuseEnd(): never {
    return this.refuse('it ends early', this.#bytes);
  }
}

function isKind(kind: string): kind is FrameKind {
  return kind === 'HEAD' || kind === 'UNIG' || kind === 'PAIR' || kind === 'DONE';
}

/** Does what writes to a file, its errors in words. */
export function written<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw outputError(path, cause);
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new BimixError('missing-file', `missing count file ${path}`, { where: { file: path }, cause });
  }
}
