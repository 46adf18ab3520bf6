import { packageFiles } from './packages.js';

const PACKAGE = '@webref/idl';

/** @type {import('../index.js').SampleDomain} */
export const interfaces = {
  name: 'interfaces',
  title: 'Interfaces of the web platform, in WebIDL',
  packages: [PACKAGE],
  licence: 'MIT',
  licenceText: 'package.json of the package',
  extract: 'one document a specification, without the comment on how the file was made',
  async *documents() {
    for await (const { id, text } of packageFiles(PACKAGE, '', /^[^/]+\.idl$/)) {
      yield { id: id.replace('.idl', ''), text: text.replace(/^\/\/ GENERATED.*\n(\/\/ (?!Source).*\n)*/, '') };
    }
  },
};
