export { BimixError, type BimixErrorOptions, describePlace, type ErrorCode, type Place } from './bimix-error.ts';
export { checkValue, parseCheckedJson, parseJson } from './checked-value.ts';
export { parseJsonLine } from './json-line.ts';
export { didYouMean, nearestName } from './nearest-name.ts';
