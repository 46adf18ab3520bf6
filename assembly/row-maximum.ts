/** The largest number of a row whose end may lie inside a vector. */

/**
 * @param row 16-byte aligned, with room for a multiple of four: what lies beyond `bytes` is overwritten
 * @param bytes of the row's numbers
 * @param padded the same, up to a multiple of 16
 */
// @ts-ignore: decorator
@inline
export function rowMaximum(row: u32, bytes: u32, padded: u32): f32 {
  for (let i = bytes; i < padded; i += 4) store<f32>(row + i, -f32.MAX_VALUE);
  let largest4 = v128.load(row);
  for (let i: u32 = 16; i < padded; i += 16) largest4 = f32x4.pmax(largest4, v128.load(row + i));
  return max<f32>(
    max<f32>(f32x4.extract_lane(largest4, 0), f32x4.extract_lane(largest4, 1)),
    max<f32>(f32x4.extract_lane(largest4, 2), f32x4.extract_lane(largest4, 3)),
  );
}
