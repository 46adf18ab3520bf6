import { expect, test } from 'vitest';
import { domainNumbers } from './domain-numbers.ts';

const refused = (text: string) => expect(domainNumbers(text, 'weight')).rejects;

test('numbers are written with a colon or =, and names may hold either and slashes', async () => {
  expect(await domainNumbers('web:2,code=1.5', 'weight')).toEqual({ web: 2, code: 1.5 });
  expect(await domainNumbers(' web : 1B , dclm/code: 0', 'weight')).toEqual({ web: 1e9, 'dclm/code': 0 });
  expect(await domainNumbers('a:b:3', 'weight')).toEqual({ 'a:b': 3 });
});

test.each(['NaN', 'Infinity', '-1', '1e999', 'x', ''])(
  '"%s" is refused as a number, not as a missing file',
  async number => {
    await refused(`web:${number}`).toThrow(`invalid weight of "web": "${number}", expected a number of at least 0`);
  },
);

test('a domain that is there twice, an entry without a number and a file that is not there are refused', async () => {
  await refused('web:1,web:2').toThrow('ambiguous weight of "web"');
  await refused('web:1,code').toThrow('invalid weight "code"');
  await refused('C:\\none.yaml').toThrow('missing file');
  await refused('none/weights.yaml').toThrow('missing file');
});
