import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import { BimixError } from '../errors/index.ts';
import { type HuggingFaceFile, invalidTokenizer } from './hugging-face-file.ts';
import { useRustWhiteSpace } from './rust-white-space.ts';
import type { Tokenizer } from './tokenizer.ts';
import { showText } from './vocabulary.ts';

/**
 * Any tokenizer.json through @huggingface/tokenizers: every model, normalizer and added token it knows, at one to two
 * MB/s.
 *
 * @throws BimixError invalid-tokenizer when the library refuses the file
 */
export function libraryTokenizer({ path, identity, content }: HuggingFaceFile): Tokenizer {
  const library = build(path, content);
  const added = (content.added_tokens ?? []).map(({ id }) => id);
  const ids = [...(library.model?.tokens_to_ids.values() ?? []), ...added];
  const odd = ids.find(id => !Number.isInteger(id) || id < 0);
  if (odd !== undefined) {
    throw invalidTokenizer(path, `an id of its vocabulary is ${JSON.stringify(odd)}, expected a whole number`);
  }
  const vocabulary = 1 + ids.reduce((largest, id) => Math.max(largest, id), -1);
  return {
    identity,
    vocabulary,
    encode(text) {
      const { ids, tokens } = encoded(path, library, text);
      const unknown = ids.indexOf(undefined as unknown as number);
      if (unknown < 0) return Uint32Array.from(ids);
      if (typeof tokens[unknown] !== 'string')
        throw invalidTokenizer(path, 'its unknown token is none of its vocabulary');
      const message = `unknown token "${showText(tokens[unknown])}": ${path} has no id for it and none for unknown tokens`;
      throw new BimixError('unknown-token', message, { where: { file: path } });
    },
    show(id) {
      const token = library.id_to_token(id);
      return token === undefined ? `<id ${id}>` : showText(token);
    },
  };
}

function build(path: string, content: HuggingFaceFile['content']): LibraryTokenizer {
  // The library asks for all of these keys; the files of older tools leave some out.
  const parts = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
  try {
    const library = new LibraryTokenizer({ ...parts, ...content, added_tokens: content.added_tokens ?? [] }, {});
    useRustWhiteSpace(library, content);
    return library;
  } catch (cause) {
    throw invalidTokenizer(path, troubleOf(cause as Error), cause);
  }
}

/** Some parts are looked at only when there is text. */
function encoded(path: string, library: LibraryTokenizer, text: string) {
  try {
    return library.encode(text, { add_special_tokens: false });
  } catch (cause) {
    throw invalidTokenizer(path, troubleOf(cause as Error), cause);
  }
}

/** What the library found wrong. A fault of JavaScript says nothing of the file. */
function troubleOf(cause: Error): string {
  const { message } = cause;
  const isFault = cause instanceof TypeError || cause instanceof RangeError || /\[object |\bundefined$/.test(message);
  return isFault ? 'a part of it has another form than its type' : message;
}
