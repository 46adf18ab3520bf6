/** What `bimix entropy` would have measured, simulated: entropies, intervals and curves from a few numbers a domain. */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { DomainEntropy, Entropies, EntropyResults } from '../src/entropy/index.ts';

export interface SimulatedEntropyOptions {
  /** Entropies of domains whose files were tokenized before know no bytes. */
  readonly withText?: boolean;
  readonly withVonNeumann?: boolean;
  /** With fewer than two documents there are no intervals. */
  readonly documents?: number;
}

const ESTIMATORS = ['plug-in', 'miller-madow', 'chao-shen', 'chao-wang-jost'];
/** How much of the plug-in's bias each estimator keeps. */
const BIAS_LEFT: Readonly<Record<string, number>> = {
  'plug-in': 1,
  'miller-madow': 0.55,
  'chao-shen': -0.12,
  'chao-wang-jost': 0.1,
};
const EQUAL_SIZE = 250_000;
const WORDS = [
  ' the',
  ',',
  ' of',
  '.',
  ' and',
  '\\n',
  ' to',
  ' a',
  ' in',
  '(',
  ' <b>',
  ' is',
  '"',
  ' that',
  '  ',
  ' for',
];

/** Domains of different size; their entropies lie between 2 and 5 nats and cross at equal size here and there. */
export function simulatedEntropy(domains: readonly string[], options: SimulatedEntropyOptions = {}): EntropyResults {
  const { withText = true, withVonNeumann = true, documents } = options;
  const random = xoroshiro128plus(11);
  const uniform = (): number => uniformFloat64(random);
  const measured = domains.map((domain, j): readonly [string, DomainEntropy] => {
    const tokens = j === 0 ? EQUAL_SIZE : Math.round(EQUAL_SIZE * 2 ** (6 * uniform()));
    const truth = { shannon: 6.2 + 1.3 * uniform(), conditional: 2.6 + 2 * uniform() };
    const bias = { shannon: 0.02 + 0.02 * uniform(), conditional: 0.2 + 0.2 * uniform() };
    const at = (estimator: string, size: number): Entropies => {
      const left = BIAS_LEFT[estimator];
      const shannon = truth.shannon / (1 + left * bias.shannon * (size / EQUAL_SIZE) ** -0.6);
      const conditional = truth.conditional / (1 + left * bias.conditional * (size / EQUAL_SIZE) ** -0.35);
      return { shannon, conditional, joint: shannon + conditional };
    };
    const every = <T>(value: (estimator: string) => T): Record<string, T> =>
      Object.fromEntries(ESTIMATORS.map(name => [name, value(name)]));
    const documentCount = documents ?? Math.round(tokens / (300 + 900 * uniform()));
    const width = 0.02 + 0.05 * uniform();
    const around = (value: number, scale: number) => ({ low: value - scale * width, high: value + 2 * scale * width });
    const own = at('chao-wang-jost', tokens);
    const tokensPerByte = 0.2 + 0.25 * uniform();
    const scaled = (factor: number): Entropies => {
      return { shannon: own.shannon * factor, joint: own.joint * factor, conditional: own.conditional * factor };
    };
    const sizes = [1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1].map(part => Math.round(tokens * part));
    const top = (words: readonly string[]) => words.map((text, rank) => ({ text, share: 0.06 / (rank + 1 + (j % 3)) }));
    const shifted = WORDS.slice(j % WORDS.length).concat(WORDS.slice(0, j % WORDS.length));
    return [
      domain,
      {
        ...own,
        tokens,
        documents: documentCount,
        bits: scaled(1 / Math.LN2),
        bitsPerByte: withText ? scaled(tokensPerByte / Math.LN2) : null,
        tokensPerByte: withText ? tokensPerByte : null,
        ...(withVonNeumann ? { vonNeumann: 2 + 2 * uniform() } : {}),
        estimators: every(name => at(name, tokens)),
        intervals:
          documentCount < 2
            ? {}
            : every(name => {
                const { shannon, joint, conditional } = at(name, tokens);
                return {
                  shannon: around(shannon, 0.4),
                  joint: around(joint, 1.2),
                  conditional: around(conditional, 1),
                };
              }),
        convergence: sizes.map(size => ({ tokens: size, entropies: every(name => at(name, size)) })),
        atEqualSize: { 'plug-in': at('plug-in', EQUAL_SIZE) },
        topTokens: top(shifted),
        topBigrams: top(shifted.map((word, i) => word + WORDS[(i + j + 1) % WORDS.length])),
        available: withText ? tokens * 1000 : null,
      },
    ];
  });
  const mixture = (weight: (domain: DomainEntropy) => number): Record<string, number> => {
    const sum = measured.reduce((total, [, domain]) => total + weight(domain), 0);
    return Object.fromEntries(measured.map(([name, domain]) => [name, weight(domain) / sum]));
  };
  const overlap = domains.map((_, i) => domains.map((_, j) => (i === j ? 0 : 0.9 - 0.89 / (1 + Math.abs(i - j) / 3))));
  return {
    kind: 'bimix-entropy',
    schemaVersion: 1,
    version: '0.1.0',
    tokenizer: withText ? { name: 'gpt2', version: 'js-tiktoken 1.0.21', unicode: '15.0' } : null,
    vocabulary: 50257,
    acrossDocuments: false,
    estimator: 'chao-wang-jost',
    equalSize: EQUAL_SIZE,
    domains: Object.fromEntries(measured),
    mixtures: {
      shannon: mixture(domain => Math.exp(domain.shannon)),
      joint: mixture(domain => Math.exp(domain.joint)),
      conditional: mixture(domain => Math.exp(domain.conditional)),
      ...(withVonNeumann ? { vonNeumann: mixture(domain => Math.exp(domain.vonNeumann ?? 0)) } : {}),
      size: mixture(domain => domain.tokens),
      uniform: mixture(() => 1),
    },
    overlap,
    warnings: [
      {
        code: 'undersampled',
        message: `"${domains[0]}" is undersampled: about 40 % of its next pairs of tokens would be new`,
        domain: domains[0],
      },
    ],
  };
}
