import { expect, test } from 'vitest';
import { SharedText } from './shared-text.ts';

test('another thread reads the last text written, and what does not fit is cut', () => {
  const writer = new SharedText();
  const reader = new SharedText(writer.buffer);
  writer.write('counting books: 12 of 40 parts');
  writer.write('münchen');
  expect(reader.read()).toBe('münchen');
  writer.write('x'.repeat(2000));
  expect(reader.read()).toHaveLength(512);
});

test('a text that is over is waited for no longer', () => {
  const writer = new SharedText();
  const reader = new SharedText(writer.buffer);
  expect(reader.wait(1)).toBe(false);
  reader.markShown();
  expect(writer.end()).toBe(true);
  expect(reader.wait(1e9)).toBe(true);
  expect(new SharedText().end()).toBe(false);
});
