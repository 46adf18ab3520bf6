/** Standard input as a file. It can be read once: whoever asks again gets the same bytes. */

/** What messages and provenance call it. */
export const STANDARD_INPUT = 'standard input';

let content: Promise<Uint8Array> | undefined;

/** All bytes of standard input. */
export function readStandardInput(): Promise<Uint8Array> {
  content ??= readAll();
  return content;
}

async function readAll(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}
