/**
 * What the tokens of a byte-level vocabulary stand for. In memory a token is its bytes as a string of characters U+0000 to
 * U+00FF, one a byte; in a tokenizer.json it is spelled in GPT-2's alphabet, where every byte has a printable character.
 */

/** Bytes that stand for themselves in GPT-2's alphabet; the others follow from U+0100 in order (`bytes_to_unicode`). */
const printable = /[!-~\u00a1-\u00ac\u00ae-\u00ff]/;

const letterOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).map(
  (char, byte, all) =>
    printable.test(char) ? char : String.fromCharCode(256 + all.slice(0, byte).filter(c => !printable.test(c)).length),
);

const byteOfLetter = new Map(letterOfByte.map((letter, byte) => [letter, String.fromCharCode(byte)]));

/** Spells bytes as a tokenizer.json does: a space is `Ġ`. */
export function spellBytes(bytes: string): string {
  let letters = '';
  for (let i = 0; i < bytes.length; i++) letters += letterOfByte[bytes.charCodeAt(i)];
  return letters;
}

/** The bytes of a token of a tokenizer.json, or undefined when it is not in GPT-2's alphabet. */
export function readSpelling(letters: string): string | undefined {
  let bytes = '';
  for (let i = 0; i < letters.length; i++) {
    const byte = byteOfLetter.get(letters[i]);
    if (byte === undefined) return undefined;
    bytes += byte;
  }
  return bytes;
}

const replacement = '\ufffd';

/** Bytes as people read them: UTF-8 where it is, `\xe2` where it is not, control characters escaped. */
export function showBytes(bytes: string): string {
  let shown = '';
  for (let i = 0; i < bytes.length; ) {
    const length = utf8Length(bytes.charCodeAt(i));
    const char = Buffer.from(bytes.slice(i, i + length), 'latin1').toString('utf8');
    if (char.includes(replacement) && bytes.slice(i, i + length) !== '\u00ef\u00bf\u00bd') {
      shown += `\\x${bytes.charCodeAt(i).toString(16).padStart(2, '0')}`;
      i += 1;
    } else {
      shown += showText(char);
      i += length;
    }
  }
  return shown;
}

/** Text with everything invisible but the space escaped: controls, formats, lone surrogates, unusual spaces. */
export function showText(text: string): string {
  return text.replaceAll(/(?! )[\p{C}\p{Z}]/gu, char => {
    if (char === '\n') return '\\n';
    if (char === '\r') return '\\r';
    if (char === '\t') return '\\t';
    return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

function utf8Length(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}
