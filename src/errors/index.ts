export { BimixError, type BimixErrorOptions, describePlace, type ErrorCode, type Place } from './bimix-error.ts';
export { didYouMean, nearestName } from './nearest-name.ts';
