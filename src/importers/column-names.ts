/** What the name of one column says: `web val loss`, `w_web`, `bpb/web`, `hellaswag_acc_norm`, `Share of code (%)`. */

import type { MetricUnit } from '../observations/index.ts';

/** What a column may hold of one domain. */
export type NamedKind = 'share' | 'loss' | 'perplexity' | MetricUnit;

export interface ColumnName {
  readonly kind: NamedKind;
  /** As written, without the words that say the kind. */
  readonly domain: string;
  /** The words that say the kind and where they stand; columns of one family share it. */
  readonly shape: string;
}

/** In lower case, words joined by spaces. */
const PHRASES: Readonly<Record<NamedKind, readonly string[]>> = {
  share: [
    ...['weight', 'weights', 'token weight', 'w', 'mixture', 'mixture weight', 'mix', 'ratio', 'ratios', 'proportion'],
    ...['proportions', 'prop', 'share', 'shares', 'token share', 'fraction', 'frac', 'pct', 'percent', 'percentage'],
    ...[
      'per cent',
      '%',
      'prob',
      'probability',
      'sampling weight',
      'sampling ratio',
      'data ratio',
      'share %',
      'weight %',
    ],
  ],
  loss: [
    ...['loss', 'losses', 'lm loss', 'ce', 'ce loss', 'cross entropy', 'cross entropy loss', 'crossentropy', 'xent'],
    ...['language cross entropy', 'nll', 'nll loss', 'nll per token', 'nats', 'nats per token'],
    ...['loss nats', 'loss nats per token'],
  ],
  perplexity: ['ppl', 'perplexity'],
  bpb: ['bpb', 'bits per byte', 'bpb loss', 'loss bpb'],
  accuracy: ['acc', 'accuracy', 'acc norm', 'acc per char', 'acc per token', 'exact match', 'em', 'pass@1', 'acc %'],
  error: ['err', 'error', 'error rate', 'err rate'],
};

const KINDS = new Map(
  Object.entries(PHRASES).flatMap(([kind, phrases]) => phrases.map(phrase => [phrase, kind as NamedKind])),
);

/** Which evaluation it was; no part of the domain. */
const SPLITS = new Set(['val', 'valid', 'validation', 'eval', 'evaluation', 'test', 'dev', 'heldout', 'final']);
const JOINING = new Set(['of', 'on', 'for', 'in']);

/** Where a configuration keeps its mixture: `data.mix.web`, `config/data/weights/web`. */
const PARENTS = new Set(['config', 'cfg', 'data', 'dataset', 'args', 'hparams']);

/** Not domains, where they are all that is left: of everything at once, of training, settings, statistics. */
const NO_DOMAIN =
  /^(?:train|training|total|lm|mean|avg|average|overall|macro|micro|aux|z|all|global|best|min|max|std|stderr|se|var|id|name|type|decay|norm|init|scale|file|path|seed|step|steps|tokens|count|sum|delta|diff|ppl|vs samples|target|objective|learning rate|lr)$/i;

/** The reading of a column's name, or undefined where it says nothing of one domain. */
export function readColumnName(name: string): ColumnName | undefined {
  // `webLoss` is two words.
  const words = [...name.matchAll(/%|[^\s_./:|,()[\]{}%-]+?(?=(?<=[a-z])[A-Z]|[\s_./:|,()[\]{}%-]|$)/g)].map(match => ({
    text: match[0].toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }));
  return atEnd(name, words) ?? atStart(name, words);
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** `web val loss`, `eval/web/loss`. */
function atEnd(name: string, words: readonly Word[]): ColumnName | undefined {
  for (let count = Math.min(4, words.length - 1); count > 0; count--) {
    const phrase = phraseOf(words.slice(-count));
    const kind = KINDS.get(phrase);
    if (kind !== undefined) return named(name, words.slice(0, -count), kind, `* ${phrase}`);
  }
  return undefined;
}

/** `val loss web`, `w_web`, `share of web (%)`, `data.mix.web`. */
function atStart(name: string, words: readonly Word[]): ColumnName | undefined {
  const split = words.findIndex(({ text }) => !SPLITS.has(text));
  if (split < 0) return undefined;
  const plain = phraseAtStart(name, words.slice(split));
  if (plain !== undefined) return plain;
  const nested = words.findIndex(({ text }) => !PARENTS.has(text));
  const found = nested > 0 ? phraseAtStart(name, words.slice(nested)) : undefined;
  return found?.kind === 'share' ? found : undefined;
}

function phraseAtStart(name: string, words: readonly Word[]): ColumnName | undefined {
  for (let count = Math.min(4, words.length - 1); count > 0; count--) {
    const phrase = phraseOf(words.slice(0, count));
    const kind = KINDS.get(phrase);
    if (kind !== undefined) return named(name, words.slice(count), kind, `${phrase} *`);
  }
  return undefined;
}

function named(name: string, words: readonly Word[], kind: NamedKind, shape: string): ColumnName | undefined {
  if (/^train(?:ing)?$/.test(words[0].text) && kind !== 'share') return undefined;
  const isKept = ({ text }: Word) =>
    text !== '%' &&
    !JOINING.has(text) &&
    (kind === 'share' || !SPLITS.has(text)) &&
    !(kind === 'share' && text === 'share');
  const first = words.findIndex(isKept);
  const last = words.findLastIndex(isKept);
  if (first < 0) return undefined;
  const domain = withBrackets(name, words[first].start, words[last].end);
  if (NO_DOMAIN.test(domain)) return undefined;
  const split = words.filter(({ text }) => SPLITS.has(text)).map(({ text }) => text);
  return { kind, domain, shape: [...split, shape].join(' ') };
}

/** A part of a name, with the bracket beside it that it opens or closes: `Code (GitHub)`. */
function withBrackets(name: string, start: number, end: number): string {
  const part = name.slice(start, end);
  const opened = part.lastIndexOf('(') > part.lastIndexOf(')') && name[end] === ')';
  const closed = part.includes(')') && !part.slice(0, part.indexOf(')')).includes('(') && name[start - 1] === '(';
  return name.slice(closed ? start - 1 : start, opened ? end + 1 : end);
}

function phraseOf(words: readonly Word[]): string {
  return words.map(({ text }) => text).join(' ');
}
