/** What holds of every report page, whatever it reports. */

import { JSDOM } from 'jsdom';
import { expect } from 'vitest';

export function parsePage(page: string): Document {
  return new JSDOM(page).window.document;
}

/** No link, source or script but the page's own. */
export function expectSelfContained(page: string): void {
  expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\((?!#)|@import|<link|<img|srcset/);
  const document = parsePage(page);
  expect(document.querySelectorAll('script').length).toBe(1);
  expect([...document.querySelectorAll('a')].every(a => a.getAttribute('href')?.startsWith('#'))).toBe(true);
  expect(document.querySelector('meta[http-equiv]')?.getAttribute('content')).toContain("default-src 'none'");
}

/** Every tag closed, every id once, every anchor there. */
export function expectWellFormed(page: string): void {
  const body = page.slice(page.indexOf('<body>'), page.indexOf('<script>'));
  const open: string[] = [];
  for (const [, close, name, empty] of body.matchAll(/<(\/?)([a-z][\w-]*)\b[^>]*?(\/?)>/gi)) {
    if (empty !== '') continue;
    if (close === '') open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual(['body']);
  const document = parsePage(page);
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const anchor of document.querySelectorAll('a')) expect(ids).toContain(anchor.getAttribute('href')?.slice(1));
}

/** No number that is none. */
export function expectNumbers(page: string): void {
  expect(parsePage(page).body.innerHTML).not.toMatch(/NaN|undefined|Infinity|\[object/);
}
