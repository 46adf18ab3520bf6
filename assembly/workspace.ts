/** One thread's memory: activations of a group of sequences, kept for the way back, and scratch. */

import { panelFloats, weightStride } from './attention';
import { MULTIPLY_SCRATCH, setMultiplyScratch } from './matrix-multiply';
import { context, groupSequences, heads, layers, vocabulary, width, workspaces } from './memory-map';

/** Floats of logits held at a time. */
const LOGITS: i32 = 1 << 20;

// Offsets within a layer's activations, and of scratch, in bytes from the workspace's start.
let layerBytes: u32 = 0;
let normal1: u32 = 0;
let qkv: u32 = 0;
let weights: u32 = 0;
let mixed: u32 = 0;
let middle: u32 = 0;
let normal2: u32 = 0;
let hidden: u32 = 0;
let activated: u32 = 0;
let moments1: u32 = 0;
let moments2: u32 = 0;
let logitsAt: u32 = 0;
let dStreamAt: u32 = 0;
let dWideAt: u32 = 0;
let dNarrowAt: u32 = 0;
let dScoresAt: u32 = 0;
let panelsAt: u32 = 0;
let size: u32 = 0;
let base: u32 = 0;

let taken: u32 = 0;
function take(floats: i32): u32 {
  const at = taken;
  taken += ((floats << 2) + 63) & ~63;
  return at;
}

/** Lays a workspace out for the shape in the memory map. @returns its bytes */
export function layWorkspace(): u32 {
  const rows = groupSequences() * context();
  const stream = rows * width();
  taken = 0;
  take(stream);
  normal1 = take(stream);
  qkv = take(3 * stream);
  weights = take(groupSequences() * heads() * context() * weightStride(context()));
  mixed = take(stream);
  middle = take(stream);
  normal2 = take(stream);
  hidden = take(4 * stream);
  activated = take(4 * stream);
  moments1 = take(2 * rows);
  moments2 = take(2 * rows);
  layerBytes = taken;
  // After the last layer the residual stream, its norm and moments, laid out like a layer's first two.
  taken = layerBytes * layers() + qkv;
  lastMomentsAt = take(2 * rows);
  logitsAt = take(logitRows() * logitStride());
  dStreamAt = take(stream);
  dWideAt = take(4 * stream);
  dNarrowAt = take(stream);
  dScoresAt = take(32 * weightStride(context()));
  panelsAt = take(panelFloats(context(), width(), heads()));
  multiplyAt = take((MULTIPLY_SCRATCH >> 2) as i32);
  size = taken;
  return size;
}

let lastMomentsAt: u32 = 0;
let multiplyAt: u32 = 0;

/** Makes a thread's workspace the one that the functions below speak of. */
export function enterWorkspace(thread: i32): void {
  base = workspaces() + thread * layWorkspace();
  setMultiplyScratch(base + multiplyAt);
}

/** Rows of logits held at a time. */
export function logitRows(): i32 {
  return min(groupSequences() * context(), max(16, LOGITS / logitStride()));
}

export function logitStride(): i32 {
  return (vocabulary() + 3) & ~3;
}

/** The residual stream before a layer; before the head for `layer` = layers. */
export function streamBefore(layer: i32): u32 { return base + layer * layerBytes; }
export function attentionNorm(layer: i32): u32 { return base + layer * layerBytes + normal1; }
export function queriesKeysValues(layer: i32): u32 { return base + layer * layerBytes + qkv; }
export function attentionWeights(layer: i32): u32 { return base + layer * layerBytes + weights; }
export function mixedValues(layer: i32): u32 { return base + layer * layerBytes + mixed; }
/** The residual stream between attention and MLP. */
export function streamWithin(layer: i32): u32 { return base + layer * layerBytes + middle; }
export function mlpNorm(layer: i32): u32 { return base + layer * layerBytes + normal2; }
/** The MLP before its GELU; after it, GELU's slope. */
export function hiddenUnits(layer: i32): u32 { return base + layer * layerBytes + hidden; }
export function activatedUnits(layer: i32): u32 { return base + layer * layerBytes + activated; }
export function attentionMoments(layer: i32): u32 { return base + layer * layerBytes + moments1; }
export function mlpMoments(layer: i32): u32 { return base + layer * layerBytes + moments2; }
export function headMoments(): u32 { return base + lastMomentsAt; }
export function logits(): u32 { return base + logitsAt; }
export function dStream(): u32 { return base + dStreamAt; }
/** Four times as wide as the stream. */
export function dWide(): u32 { return base + dWideAt; }
export function dNarrow(): u32 { return base + dNarrowAt; }
export function dScores(): u32 { return base + dScoresAt; }
export function panels(): u32 { return base + panelsAt; }
