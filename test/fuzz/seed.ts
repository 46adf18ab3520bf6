/** One valid input: the files that are read together, the changed one among them. */

export interface Seed {
  readonly name: string;
  /** A reader of `reader.mjs`. */
  readonly target: string;
  /** By path, in the order they are passed. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** What the reader is told beside the files. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Files of which something tells the length: one that is cut must be refused. */
  readonly sized: RegExp;
}

type Content = string | Uint8Array;

/** Formats that end where they say: whatever is cut off is missed. */
const SIZED = /\.(?:parquet|gz|zst|npy|counts)$/;

export function makeSeed(
  name: string,
  target: string,
  files: Readonly<Record<string, Content>> | ReadonlyMap<string, Content>,
  { sized = SIZED, options = {} }: { sized?: RegExp; options?: Seed['options'] } = {},
): Seed {
  const entries: [string, Content][] = files instanceof Map ? [...files] : Object.entries(files);
  const buffers = entries.map(([file, content]): [string, Buffer] => [file, Buffer.from(content as Uint8Array)]);
  return { name, target, files: new Map(buffers), options, sized };
}
