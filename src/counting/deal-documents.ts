/**
 * Which group a document is in. The rule knows only where the document stands, so that counting the files in any order, by
 * any number of workers, gives the same groups; and it makes groups alike in number of documents, in large corpora and in
 * small ones.
 */

/** Tokens after which a document goes on in the next group: only files that do not mark their documents have longer ones. */
export const LONGEST_IN_ONE_GROUP = 1 << 20;

/**
 * The group of one document, or of one stretch of `LONGEST_IN_ONE_GROUP` tokens of it. Each `groups` consecutive documents
 * go to different groups, in an order that changes, so that nothing periodic in a file ends up in one group. Files with a
 * few documents each begin at groups that lie apart.
 *
 * @param file position in the domain plus part of the file
 * @param document position in the part, plus the stretch's position in the document
 */
export function groupOf(file: number, document: number, groups: number): number {
  const round = Math.floor(document / groups);
  const place = round === 0 ? document : placeInRound(document % groups, round, groups);
  return (place + Math.floor(radicalInverse(file) * groups)) % groups;
}

/** A permutation of the places of a round, by a multiplier without common factor and a shift. */
function placeInRound(place: number, round: number, groups: number): number {
  const random = mixBits(round);
  let multiplier = 1 + ((random >>> 8) % groups);
  while (greatestCommonDivisor(multiplier, groups) !== 1) multiplier++;
  return (place * multiplier + (random & 0xff)) % groups;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The finalizer of MurmurHash3. */
function mixBits(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Van der Corput: the bits of a number mirrored behind the point. The first 2^k of them lie 2^-k apart. */
function radicalInverse(index: number): number {
  let inverse = 0;
  let scale = 0.5;
  for (let rest = index; rest > 0; rest = Math.floor(rest / 2)) {
    inverse += (rest % 2) * scale;
    scale /= 2;
  }
  return inverse;
}
