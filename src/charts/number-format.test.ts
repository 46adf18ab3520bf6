import { expect, test } from 'vitest';
import {
  formatChange,
  formatCoefficient,
  formatCount,
  formatError,
  formatShare,
  formatVolume,
  formatWithError,
  groupDigits,
} from './index.ts';

/** Numbers and their signs are held together by a no-break space. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

test('shares have one decimal, small ones two digits', () => {
  expect([0.1234, 0.00996, 0.0042, 0.00013, 0, 1].map(share => plain(formatShare(share)))).toEqual([
    '12.3 %',
    '1.0 %',
    '0.42 %',
    '0.013 %',
    '0 %',
    '100.0 %',
  ]);
});

test('errors and changes are percentages with a true minus sign', () => {
  expect(plain(formatError(0.00485))).toBe('0.48 %');
  expect(plain(formatError(0.124))).toBe('12.4 %');
  expect(plain(formatChange(0.0291))).toBe('+2.91 %');
  expect(plain(formatChange(-0.0291))).toBe('−2.91 %');
});

test('a coefficient is as long as its error says', () => {
  expect(formatWithError(0.42788, 0.1023)).toEqual({ value: '0.43', standardError: '0.10' });
  expect(formatWithError(1.41311, 0.0977)).toEqual({ value: '1.413', standardError: '0.098' });
  expect(formatWithError(1234.5, 321)).toEqual({ value: '1235', standardError: '320' });
  expect(formatCoefficient(-1.5e-9)).toBe('−1.5e−9');
  expect(formatCoefficient(0)).toBe('0');
});

test('volumes and counts read as people write them', () => {
  expect(plain(formatVolume(1.998e9, 'tokens'))).toBe('2B tokens');
  expect(formatVolume(1, 'none')).toBe('');
  expect(plain(formatCount(1, 'run'))).toBe('1 run');
  expect(plain(formatCount(5000, 'run'))).toBe('5,000 runs');
  expect([999, 1000, 1234567].map(groupDigits)).toEqual(['999', '1,000', '1,234,567']);
});
