/**
 * C (+)= A B in float32, after Goto & van de Geijn 2008: panels of A and B are packed, then 4 x 8 tiles of C are held in
 * registers. Each element of C is a sum over k in ascending order, in blocks of `BLOCK_K`, so it does not depend on which rows
 * are multiplied together.
 */

const TILE_ROWS: i32 = 4;
const TILE_COLUMNS: i32 = 8;
const BLOCK_ROWS: i32 = 120;
const BLOCK_K: i32 = 256;
const BLOCK_COLUMNS: i32 = 512;

/** Bytes of scratch memory that `setMultiplyScratch` wants. */
export const MULTIPLY_SCRATCH: u32 = (BLOCK_ROWS * BLOCK_K + BLOCK_K * BLOCK_COLUMNS + TILE_ROWS * TILE_COLUMNS) * 4;

let packedA: u32 = 0;
let packedB: u32 = 0;
let edgeTile: u32 = 0;

/** Where this thread packs panels; 16-byte aligned. */
export function setMultiplyScratch(at: u32): void {
  packedA = at;
  packedB = packedA + BLOCK_ROWS * BLOCK_K * 4;
  edgeTile = packedB + BLOCK_K * BLOCK_COLUMNS * 4;
}

/**
 * C[m, n] (+)= A[m, k] B[k, n]. Of A and B, one stride is 1, so a transpose is a swap of strides; strides are in elements.
 *
 * @param add whether C is added to or overwritten
 * @param bias of length n, added to every row; 0 for none
 */
export function multiply(
  m: i32, n: i32, k: i32,
  a: u32, aRow: i32, aColumn: i32,
  b: u32, bRow: i32, bColumn: i32,
  c: u32, cRow: i32,
  add: bool, bias: u32,
): void {
  for (let j = 0; j < n; j += BLOCK_COLUMNS) {
    const columns = min(BLOCK_COLUMNS, n - j);
    for (let p = 0; p < k; p += BLOCK_K) {
      const depth = min(BLOCK_K, k - p);
      packColumns(b + (((p * bRow + j * bColumn) as u32) << 2), depth, columns, bRow, bColumn, packedB);
      const addNow = add || p > 0;
      const biasNow = p == 0 && bias != 0 ? bias + (j << 2) : 0;
      for (let i = 0; i < m; i += BLOCK_ROWS) {
        const rows = min(BLOCK_ROWS, m - i);
        packRows(a + (((i * aRow + p * aColumn) as u32) << 2), rows, depth, aRow, aColumn);
        const target = c + (((i * cRow + j) as u32) << 2);
        multiplyBlock(rows, columns, depth, packedB, depth << 5, target, cRow << 2, addNow, biasNow);
      }
    }
  }
}

/**
 * C[m, n] (+)= A[m, k] B[k, n] with B packed before by `packColumns`, possibly with more rows and columns. For m of up to
 * `BLOCK_ROWS`.
 *
 * @param packedDepth rows of B when it was packed
 */
export function multiplyPacked(
  m: i32, n: i32, k: i32,
  a: u32, aRow: i32, aColumn: i32,
  b: u32, packedDepth: i32,
  c: u32, cRow: i32,
): void {
  for (let p = 0; p < k; p += BLOCK_K) {
    const depth = min(BLOCK_K, k - p);
    packRows(a + (((p * aColumn) as u32) << 2), m, depth, aRow, aColumn);
    multiplyBlock(m, n, depth, b + (p << 5), packedDepth << 5, c, cRow << 2, p > 0, 0);
  }
}

function multiplyBlock(
  rows: i32, columns: i32, depth: i32,
  b: u32, panelB: u32,
  c: u32, cRowBytes: u32, add: bool, bias: u32,
): void {
  const panelA: u32 = depth << 4;
  for (let j = 0; j < columns; j += TILE_COLUMNS, b += panelB) {
    let a = packedA;
    const wide = j + TILE_COLUMNS <= columns;
    for (let i = 0; i < rows; i += TILE_ROWS, a += panelA) {
      const target = c + i * cRowBytes + (j << 2);
      if (wide && i + TILE_ROWS <= rows) {
        multiplyTile(depth, a, b, target, cRowBytes, add, bias == 0 ? 0 : bias + (j << 2));
      } else {
        multiplyTile(depth, a, b, edgeTile, TILE_COLUMNS << 2, false, 0);
        copyEdge(min(TILE_ROWS, rows - i), min(TILE_COLUMNS, columns - j), target, cRowBytes, add, bias, j);
      }
    }
  }
}

function copyEdge(rows: i32, columns: i32, c: u32, cRowBytes: u32, add: bool, bias: u32, j: i32): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const target = c + row * cRowBytes + (column << 2);
      let value = load<f32>(edgeTile + ((row * TILE_COLUMNS + column) << 2));
      if (bias != 0) value += load<f32>(bias + ((j + column) << 2));
      if (add) value += load<f32>(target);
      store<f32>(target, value);
    }
  }
}

function multiplyTile(depth: i32, a: u32, b: u32, c: u32, cRowBytes: u32, add: bool, bias: u32): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = a + (depth << 4);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(a0, b0));
    c01 = f32x4.add(c01, f32x4.mul(a0, b1));
    const a1 = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(a1, b0));
    c11 = f32x4.add(c11, f32x4.mul(a1, b1));
    const a2 = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(a2, b0));
    c21 = f32x4.add(c21, f32x4.mul(a2, b1));
    const a3 = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(a3, b0));
    c31 = f32x4.add(c31, f32x4.mul(a3, b1));
    a += 16;
    b += 32;
  }
  if (bias != 0) {
    const bias0 = v128.load(bias);
    const bias1 = v128.load(bias, 16);
    c00 = f32x4.add(c00, bias0);
    c01 = f32x4.add(c01, bias1);
    c10 = f32x4.add(c10, bias0);
    c11 = f32x4.add(c11, bias1);
    c20 = f32x4.add(c20, bias0);
    c21 = f32x4.add(c21, bias1);
    c30 = f32x4.add(c30, bias0);
    c31 = f32x4.add(c31, bias1);
  }
  const row1 = c + cRowBytes;
  const row2 = row1 + cRowBytes;
  const row3 = row2 + cRowBytes;
  if (add) {
    c00 = f32x4.add(c00, v128.load(c));
    c01 = f32x4.add(c01, v128.load(c, 16));
    c10 = f32x4.add(c10, v128.load(row1));
    c11 = f32x4.add(c11, v128.load(row1, 16));
    c20 = f32x4.add(c20, v128.load(row2));
    c21 = f32x4.add(c21, v128.load(row2, 16));
    c30 = f32x4.add(c30, v128.load(row3));
    c31 = f32x4.add(c31, v128.load(row3, 16));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(row1, c10);
  v128.store(row1, c11, 16);
  v128.store(row2, c20);
  v128.store(row2, c21, 16);
  v128.store(row3, c30);
  v128.store(row3, c31, 16);
}

/** Panels of four rows of A: for each k the four values side by side, zeros below the last row. */
function packRows(a: u32, rows: i32, depth: i32, aRow: i32, aColumn: i32): void {
  let to = packedA;
  let i = 0;
  if (aRow == 1) {
    for (; i + 16 <= rows; i += 16) {
      packSixteen(a + ((i as u32) << 2), to, depth, aColumn << 2, 16, depth << 4, depth << 5, depth * 48);
      to += depth << 6;
    }
  }
  for (; i < rows; i += TILE_ROWS) {
    packPanel4(a + (((i * aRow) as u32) << 2), to, min(TILE_ROWS, rows - i), depth, aRow << 2, aColumn << 2, 16);
    to += depth << 4;
  }
}

/** Panels of eight columns of B: for each k the eight values side by side, zeros right of the last column. */
export function packColumns(b: u32, depth: i32, columns: i32, bRow: i32, bColumn: i32, to: u32): void {
  const across: u32 = bColumn << 2;
  const along: u32 = bRow << 2;
  let j = 0;
  if (bColumn == 1) {
    for (; j + 16 <= columns; j += 16) {
      packSixteen(b + ((j as u32) << 2), to, depth, along, 32, 16, depth << 5, (depth << 5) + 16);
      to += depth << 6;
    }
  }
  for (; j < columns; j += TILE_COLUMNS) {
    const source = b + j * across;
    packPanel4(source, to, min(4, columns - j), depth, across, along, 32);
    packPanel4(source + 4 * across, to + 16, max(0, min(4, columns - j - 4)), depth, across, along, 32);
    to += depth << 5;
  }
}

/**
 * Sixteen values side by side, a whole cache line where aligned, for each k: groups of four go to `to` and to the three offsets
 * from it.
 */
function packSixteen(from: u32, to: u32, depth: i32, along: u32, step: u32, second: u32, third: u32, fourth: u32): void {
  for (let p = 0; p < depth; p++) {
    v128.store(to, v128.load(from));
    v128.store(to + second, v128.load(from, 16));
    v128.store(to + third, v128.load(from, 32));
    v128.store(to + fourth, v128.load(from, 48));
    from += along;
    to += step;
  }
}

/** Up to four lines, `across` bytes apart, read `along` k and written as groups of four, `step` bytes apart. */
function packPanel4(from: u32, to: u32, lines: i32, depth: i32, across: u32, along: u32, step: u32): void {
  if (lines == 4 && across == 4) {
    for (let p = 0; p < depth; p++) {
      v128.store(to, v128.load(from));
      from += along;
      to += step;
    }
    return;
  }
  let p = 0;
  if (lines == 4 && along == 4) {
    const from1 = from + across;
    const from2 = from1 + across;
    const from3 = from2 + across;
    for (; p + 4 <= depth; p += 4) {
      const at: u32 = p << 2;
      const r0 = v128.load(from + at);
      const r1 = v128.load(from1 + at);
      const r2 = v128.load(from2 + at);
      const r3 = v128.load(from3 + at);
      const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
      v128.store(to + step, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
      v128.store(to + 2 * step, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
      v128.store(to + 3 * step, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
      to += 4 * step;
    }
  }
  for (; p < depth; p++) {
    for (let line = 0; line < 4; line++) {
      store<f32>(to + (line << 2), line < lines ? load<f32>(from + line * across + p * along) : 0);
    }
    to += step;
  }
}
