import { expect, test } from 'vitest';
import { makeMixture } from './mixture.ts';

test.each([
  [{}, 'Shares are fractions of tokens: divide them by their sum.'],
  [{ sumTolerance: 0.01 }, 'Shares are fractions of tokens. Pass --sum-tolerance 0.05 to renormalize it.'],
])('a sum that is not 1 is explained with a tolerance only where one is taken: %o', (options, hint) => {
  expect(() => makeMixture({ web: 0.7, code: 0.343 }, options)).toThrowError(
    expect.objectContaining({ code: 'invalid-mixture', hint }),
  );
});

test.each([
  [{ web: 0.3, code: 0.2 }, /^A domain may be missing\./],
  [{ web: 0.9, code: 0.6 }, /^A domain may be counted twice\./],
])('no tolerance is offered that would hide an error: %o', (weights, hint) => {
  expect(() => makeMixture(weights, { sumTolerance: 0.01 })).toThrowError(
    expect.objectContaining({ code: 'invalid-mixture', hint: expect.stringMatching(hint) }),
  );
});
