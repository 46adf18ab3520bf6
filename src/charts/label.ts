/** Names of domains and runs as chart labels. */

/** Control characters and halves of surrogate pairs would make the SVG ill-formed; turns of direction scramble what follows. */
const CONTROL = /(?![\t\n])\p{Cc}|\p{Cs}|[\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The name with what no document can hold replaced by U+FFFD. */
export function cleanText(text: string): string {
  return text.replace(CONTROL, '\u{fffd}');
}

/** The name within `width` pixels; a longer one loses its middle, since domain names often differ at both ends. */
export function shortLabel(name: string, width: number, fontSize: number): string {
  const text = cleanText(name).replace(/\s+/g, ' ');
  if (textWidth(text, fontSize) <= width) return text;
  const characters = [...text];
  for (let kept = characters.length - 1; kept > 2; kept--) {
    const head = Math.ceil(kept * 0.6);
    const shortened = `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (kept - head)).join('')}`;
    if (textWidth(shortened, fontSize) <= width) return shortened;
  }
  return `${characters[0]}…`;
}

/** The text in lines of at most `width` pixels, broken between words; a longer word is shortened. */
export function wrapText(text: string, width: number, fontSize: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/ +/)) {
    const last = lines[lines.length - 1];
    if (last !== undefined && textWidth(`${last} ${word}`, fontSize) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(shortLabel(word, width, fontSize));
  }
  return lines;
}

/** An upper estimate of the width in pixels: fonts differ, and no canvas is at hand to measure with. */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const character of text) {
    if (/[ijl.,:;'|!()[\]ftr ]/.test(character)) ems += 0.37;
    else if (/[mwMW@%…—]/.test(character) || character > '\u2e80') ems += 0.95;
    else if (/[A-Z_&#=+<>~]/.test(character)) ems += 0.7;
    else ems += 0.59;
  }
  return ems * fontSize;
}
