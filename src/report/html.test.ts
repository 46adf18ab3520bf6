import fc from 'fast-check';
import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import { html, sentence } from './html.ts';

const { document } = new JSDOM('').window;

test('any text comes back as it was, inside an element and inside an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      fc.pre(!/\p{Cc}|[\ufffe\uffff]/u.test(text));
      const holder = document.createElement('div');
      holder.innerHTML = html`<p title="${text}">${text}</p>`.markup;
      expect(holder.childNodes.length).toBe(1);
      expect(holder.firstChild?.textContent).toBe(text);
      expect(holder.querySelector('p')?.getAttribute('title')).toBe(text);
    }),
  );
});

test('templates nest without being escaped twice, lists are joined, null is nothing', () => {
  const items = ['a&b', 'c'].map(item => html`<li>${item}</li>`);
  expect(html`<ul>${items}${null}${3}</ul>`.markup).toBe('<ul><li>a&amp;b</li><li>c</li>3</ul>');
});

test('a sentence opens with a capital and ends with one full stop', () => {
  expect(sentence('enough runs')).toBe('Enough runs.');
  expect(sentence('Really?')).toBe('Really?');
});
