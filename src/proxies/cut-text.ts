/** Long texts as parts that end where a paragraph, a line, a sentence or a word does. */

const [LINE, BLANK, STOP] = [0x0a, 0x20, 0x2e];

/** What may end a part, best first: where a cut before `bytes[at]` follows it. */
const ENDS: readonly ((bytes: Uint8Array, at: number) => boolean)[] = [
  (bytes, at) => bytes[at - 1] === LINE && bytes[at - 2] === LINE,
  (bytes, at) => bytes[at - 1] === LINE,
  (bytes, at) => bytes[at - 1] === BLANK && bytes[at - 2] === STOP,
  (bytes, at) => bytes[at - 1] === BLANK,
];

/**
 * Parts of about equal length, which joined give the text again.
 *
 * @param limit most bytes of UTF-8 in a part, at least 4
 */
export function cutText(text: string, limit: number): string[] {
  const bytes = Buffer.from(text);
  const parts: string[] = [];
  let start = 0;
  while (bytes.length - start > limit) {
    const rest = bytes.length - start;
    const end = start + cutBefore(bytes.subarray(start), Math.ceil(rest / Math.ceil(rest / limit)), limit);
    parts.push(bytes.toString('utf8', start, end));
    start = end;
  }
  parts.push(bytes.toString('utf8', start));
  return parts;
}

/** The best end at most half the wanted length away from it, the latest of its kind; else before the last whole character. */
function cutBefore(bytes: Uint8Array, wanted: number, limit: number): number {
  const latest = Math.min(limit, wanted + (wanted >> 1));
  for (const isEnd of ENDS) {
    for (let at = latest; at > wanted >> 1; at--) if (isEnd(bytes, at)) return at;
  }
  let at = limit;
  while ((bytes[at] & 0xc0) === 0x80) at--;
  return at;
}
