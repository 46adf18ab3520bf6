export {
  alignMixture,
  type MakeMixtureOptions,
  type Mixture,
  makeMixture,
  mixtureToRecord,
  normaliseProportions,
  SUM_TOLERANCE,
} from './mixture.ts';
export { formatQuantity, parseQuantity } from './quantity.ts';
