import { expect, test } from 'vitest';
import { checkDomainName } from './domain-name.ts';

test.each(['web', 'constructor', 'toString', '=cmd()', '\u{1f30d}', 'a'.repeat(500)])(
  'a domain may be called %j',
  name => {
    expect(() => checkDomainName(name)).not.toThrow();
  },
);

test('names that objects, files and charts cannot hold are refused', () => {
  expect(() => checkDomainName('__proto__')).toThrow('invalid domain "__proto__"');
  expect(() => checkDomainName('a'.repeat(501))).toThrow(
    /^invalid domain "a{40}\.\.\.": its name has 501 characters, expected at most 500/,
  );
});
