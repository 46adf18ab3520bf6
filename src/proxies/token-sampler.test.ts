import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { shuffledOrder } from './document-order.ts';
import { DocumentStream } from './document-stream.ts';
import type { TokenPool } from './token-pool.ts';
import { TokenSampler, type TokenSource } from './token-sampler.ts';

/** Documents of these lengths; the tokens of a domain are its number in the high byte and count up. */
function poolOf(domain: number, lengths: readonly number[]): TokenPool {
  let end = 0;
  const ends = Uint32Array.from(lengths, length => {
    end += length;
    return end;
  });
  return { tokens: Uint16Array.from({ length: end }, (_, i) => (domain << 8) + i), ends };
}

function streamOf(pool: TokenPool, domain: number): DocumentStream {
  return new DocumentStream(pool, 0xffff, epoch => shuffledOrder(pool.ends.length, [domain, epoch]));
}

const lengths = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 });
const setting = fc
  .record({
    domains: fc.array(fc.record({ weight: fc.double({ min: 0.01, max: 1, noNaN: true }), lengths }), {
      minLength: 1,
      maxLength: 6,
    }),
    sequences: fc.integer({ min: 1, max: 5 }),
    context: fc.integer({ min: 1, max: 12 }),
    batches: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ domains, ...rest }) => {
    const sum = domains.reduce((total, { weight }) => total + weight, 0);
    return {
      ...rest,
      shares: domains.map(({ weight }) => weight / sum),
      pools: domains.map((d, i) => poolOf(i, d.lengths)),
    };
  });

function samplerOf({
  shares,
  pools,
  sequences,
  context,
}: {
  shares: number[];
  pools: TokenPool[];
  sequences: number;
  context: number;
}): TokenSampler {
  const sources: TokenSource[] = shares.map((share, d) => ({ share, stream: streamOf(pools[d], d) }));
  return new TokenSampler(sources, { sequences, context });
}

test('tokens by domain are within one sequence of the shares after every batch, whatever the lengths of documents', () => {
  fc.assert(
    fc.property(setting, given => {
      const sampler = samplerOf(given);
      const seen = given.shares.map(() => 0);
      for (let batch = 1; batch <= given.batches; batch++) {
        for (const target of sampler.next().targets) seen[target >> 8]++;
        const total = batch * given.sequences * given.context;
        given.shares.forEach((share, d) => {
          expect(Math.abs(seen[d] - share * total)).toBeLessThanOrEqual(given.context);
        });
        expect(sampler.drawn).toEqual(seen);
      }
    }),
  );
});

test('every token of a domain is a target once in each epoch, documents whole and in a new order', () => {
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 12 }), (sizes, context) => {
      const pool = poolOf(0, sizes);
      const size = pool.tokens.length;
      const stream = streamOf(pool, 0);
      const read: number[] = [];
      while (read.length < 3 * size) {
        const targets = new Uint16Array(context);
        stream.read(new Uint16Array(context), targets);
        read.push(...targets);
      }
      for (let epoch = 0; epoch < 3; epoch++) {
        const tokens = read.slice(epoch * size, (epoch + 1) * size);
        expect(tokens.toSorted((a, b) => a - b)).toEqual([...pool.tokens]);
        const ends = new Set([...pool.ends].map(end => end - 1));
        tokens.forEach((token, i) => {
          if (!ends.has(token) && i + 1 < size) expect(tokens[i + 1]).toBe(token + 1);
        });
      }
    }),
  );
});

test('epochs have orders of their own', () => {
  const orders = [0, 1, 2].map(epoch => shuffledOrder(50, [7, 'web', epoch]).join());
  expect(new Set(orders).size).toBe(3);
  expect(shuffledOrder(50, [7, 'web', 0]).join()).toBe(orders[0]);
  expect(shuffledOrder(50, [8, 'web', 0]).join()).not.toBe(orders[0]);
});

test('each input is what its target follows, across sequences too', () => {
  const stream = streamOf(poolOf(0, [5, 3, 9]), 0);
  const inputs = new Uint16Array(60);
  const targets = new Uint16Array(60);
  for (let at = 0; at < 60; at += 6) stream.read(inputs.subarray(at, at + 6), targets.subarray(at, at + 6));
  expect(inputs[0]).toBe(0xffff);
  expect([...inputs.subarray(1)]).toEqual([...targets.subarray(0, -1)]);
});

test('a sampler that skips gives what an undisturbed one gives', () => {
  fc.assert(
    fc.property(setting, fc.nat(30), (given, skipped) => {
      const undisturbed = samplerOf(given);
      for (let batch = 0; batch < skipped; batch++) undisturbed.next();
      const resumed = samplerOf(given);
      resumed.skip(skipped);
      for (let batch = 0; batch < 5; batch++) expect(resumed.next()).toEqual(undisturbed.next());
      expect(resumed.drawn).toEqual(undisturbed.drawn);
    }),
  );
});
