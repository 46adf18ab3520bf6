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
