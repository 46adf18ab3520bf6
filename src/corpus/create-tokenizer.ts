import { BimixError } from '../errors/index.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { TokenizerSpec } from './tokenizer-spec.ts';

/**
 * Builds the tokenizer a spec describes; the same spec gives the same ids in every worker.
 *
 * @throws BimixError when a tokenizer.json is missing or cannot be used
 */
export async function createTokenizer(spec: TokenizerSpec): Promise<Tokenizer> {
  throw new BimixError('unknown-tokenizer', `unknown tokenizer ${JSON.stringify(spec)}`);
}
