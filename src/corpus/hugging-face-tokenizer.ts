import { byteLevelTokenizer } from './hugging-face-bpe.ts';
import { readHuggingFaceFile } from './hugging-face-file.ts';
import { libraryTokenizer } from './hugging-face-library.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * The tokenizer of a tokenizer.json: on our own encoder when it is byte-level BPE of a known kind and gives the library's
 * ids on every sample below, otherwise the library itself. The samples are fixed, so that all workers choose alike. Text of
 * added tokens, `<|endoftext|>` among them, becomes their id, as in the library; none are put before or after a document.
 *
 * @throws BimixError missing-file, invalid-file, invalid-tokenizer
 */
export async function huggingFaceTokenizer(path: string): Promise<Tokenizer> {
  const file = await readHuggingFaceFile(path);
  const library = libraryTokenizer(file);
  const own = byteLevelTokenizer(file);
  if (own === undefined || own.vocabulary !== library.vocabulary) return library;
  const added = (file.content.added_tokens ?? []).map(token => token.content);
  const alike = [...samples, samples.join('\n'), added.join(' a')].every(
    text => own.encode(text).join() === library.encode(text).join(),
  );
  return alike ? own : library;
}

/**
 * Scripts, cases, contractions, numbers, white space, code, combining marks and emoji. Without what the library reads
 * otherwise than the Rust original, whose ids are ours: U+FEFF, U+0085, and numerals beyond ASCII behind `Digits`.
 */
const samples = [
  "The quick brown fox, it's said, WOULDN'T've jumped over 12 lazy dogs in 1,234.50 seconds; they'll see. I'd I'M we're",
  '  leading, trailing   and\t\ttabbed \n\n\r\n lines \u00a0\u3000 end  ',
  'for (let i = 0; i < 0x7fff; i++) {\n\t\tif (a[i] !== "\\n") return { ...b, [`k$i`]: null }; // 100%\n    }\n',
  'Čeština žluťoučký, Straße, ΑΒΓ αβγ, Русский текст, العَرَبِيَّة, हिन्दी भाषा, 日本語のテキスト、한국어, ไทย',
  'cafe\u0301 A\u030a \u1e9b\u0323 \u2126 ﬁ \u2014\u2026\u201cquoted\u201d \u200b\u200d',
  '👩‍👩‍👧‍👦 🇨🇿 👍🏽 🎉🎉 \u{1d49c}\u{20bb7}',
  'https://example.org/a?b=c&d=%20#e user@example.org 2024-05-01T12:00:00Z ---- ==== //// ....... $$$ <|x|> </s>',
];
