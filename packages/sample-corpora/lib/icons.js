import { packageFiles } from './packages.js';

const PACKAGE = 'bootstrap-icons';

/** @type {import('../index.js').SampleDomain} */
export const icons = {
  name: 'icons',
  title: 'Bootstrap Icons, as SVG',
  packages: [PACKAGE],
  licence: 'MIT',
  licenceText: 'LICENSE in the package',
  extract: 'one document an icon, without the attributes that all of them share',
  async *documents() {
    for await (const { id, text } of packageFiles(PACKAGE, 'icons', /\.svg$/)) {
      const shared = / xmlns="[^"]*" width="16" height="16" fill="currentColor"/;
      yield { id: id.replace('.svg', ''), text: text.replace(shared, '') };
    }
  },
};
