import { expect, test } from 'vitest';
import { simulatedEntropy } from '../../../test/simulated-entropy.ts';
import type { DomainEntropy, EntropyResults } from '../../entropy/index.ts';
import { lastDoubling, orderDomains } from './domain-order.ts';

const base = simulatedEntropy(['a', 'b', 'c']);

/** A domain of this conditional entropy and interval, and of that plug-in value at equal size. */
function domain(conditional: number, half: number | null, equal: number | null): DomainEntropy {
  const pattern = base.domains.a;
  const around = half === null ? undefined : { low: conditional - half, high: conditional + half };
  const intervals = pattern.intervals['chao-wang-jost'];
  return {
    ...pattern,
    conditional,
    intervals: around === undefined ? {} : { 'chao-wang-jost': { ...intervals, conditional: around } },
    atEqualSize: equal === null ? {} : { 'plug-in': { ...pattern.atEqualSize['plug-in'], conditional: equal } },
  };
}

function verdicts(domains: Record<string, DomainEntropy>): string[] {
  const results: EntropyResults = { ...base, domains };
  return orderDomains(results).neighbours.map(({ richer, poorer, verdict }) => `${richer} > ${poorer}: ${verdict}`);
}

test('domains are distinguished when intervals and equal size agree', () => {
  expect(verdicts({ low: domain(2, 0.1, 1), high: domain(3, 0.1, 2) })).toEqual(['high > low: distinguished']);
});

test('intervals that overlap, a turned order, or nothing to compare leave a pair unsettled', () => {
  expect(verdicts({ a: domain(3, 0.6, 2), b: domain(2, 0.6, 1) })).toEqual(['a > b: intervals overlap']);
  expect(verdicts({ a: domain(3, 0.1, 1), b: domain(2, 0.1, 2) })).toEqual(['a > b: order turns at equal size']);
  expect(verdicts({ a: domain(3, 0.1, 2), b: domain(2, null, 1) })).toEqual(['a > b: no interval']);
  expect(verdicts({ a: domain(3, 0.1, 2), b: domain(2, 0.1, null) })).toEqual(['a > b: no equal size']);
});

test('contenders are the richest domain and those not distinguished from it', () => {
  const domains = { a: domain(3, 0.2, 2), b: domain(2.8, 0.2, 1.9), c: domain(1, 0.1, 1) };
  const { contenders, pairs, pairsApart } = orderDomains({ ...base, domains });
  expect(contenders).toEqual(['a', 'b']);
  expect([pairsApart, pairs]).toEqual([2, 3]);
});

test('the last doubling is read off the curve, linear in the logarithm of tokens', () => {
  const at = (tokens: number, conditional: number) => {
    return { tokens, entropies: { 'plug-in': { shannon: 5, joint: 5 + conditional, conditional } } };
  };
  const curve = (...convergence: ReturnType<typeof at>[]): DomainEntropy => ({ ...base.domains.a, convergence });
  expect(lastDoubling(curve(at(250, 1), at(1000, 2)), 'plug-in')).toBeCloseTo(0.5, 12);
  expect(lastDoubling(curve(at(500, 1.5), at(1000, 2)), 'plug-in')).toBeCloseTo(0.5, 12);
  expect(lastDoubling(curve(at(600, 1.5), at(1000, 2)), 'plug-in')).toBeNull();
  expect(lastDoubling(curve(at(1000, 2)), 'plug-in')).toBeNull();
});
