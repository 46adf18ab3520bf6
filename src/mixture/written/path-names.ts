/** The domains that a path of training data may belong to. */

/** Endings that trainers' own tools give to the files they write. */
const ENDINGS =
  /(?:[_-](?:text[_-])?(?:document|sentence)|[_-]?\*+|\.(?:bin|idx|npy|jsonl?|parquet|ds|gz|zst|txt|array_record|yaml|yml))$/i;

/**
 * Names to try for a path, likeliest first: the file without its endings, then the folders above it, nearest first.
 *
 * @example
 * namesOfPath('/data/web_text_document'); // ['web', 'data', '/data/web_text_document']
 */
export function namesOfPath(path: string): string[] {
  const parts = path
    .replace(/^[a-z][a-z0-9+]*:\/\//i, '')
    .split('/')
    .map(withoutEndings)
    .filter(part => part !== '' && part !== '.' && part !== '..');
  return [...new Set([...parts.reverse(), path])];
}

/** Whether text reads as a path instead of a name. */
export function isPath(text: string): boolean {
  return text.includes('/') || /_text_document$|\.(?:bin|npy|jsonl?|parquet)$/.test(text);
}

function withoutEndings(part: string): string {
  const shorter = part.replace(ENDINGS, '');
  return shorter === part || shorter === '' ? part : withoutEndings(shorter);
}
