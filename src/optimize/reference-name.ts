/** What a proposal is compared with, as tables and sentences call it. */

/** Name of the reference where none was given. */
export const MEAN_OF_RUNS = 'mean of the runs';

/** For sentences: `the mean of the runs`, and `v1.yaml` as it is. */
export function referenceInWords(name: string): string {
  return name === MEAN_OF_RUNS ? `the ${name}` : name;
}
