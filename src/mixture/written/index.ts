export { dataPathOfScript } from './blend.ts';
export { parseInlineMixture } from './inline-mixture.ts';
export { findWrittenMixture } from './mixture-forms.ts';
export { resolveMixture } from './resolve-mixture.ts';
export type { Key, WrittenMixture } from './written-mixture.ts';
