/** Where things are in the shared memory. The driver (src/engine/memory-map.ts) writes these fields; every thread reads them. */

/** Above the addresses that the compiler keeps for itself. */
const HEADER: u32 = 1024;

// Set once: shape, sizes and addresses.
export function vocabulary(): i32 { return load<i32>(HEADER); }
export function context(): i32 { return load<i32>(HEADER, 4); }
export function width(): i32 { return load<i32>(HEADER, 8); }
export function layers(): i32 { return load<i32>(HEADER, 12); }
export function heads(): i32 { return load<i32>(HEADER, 16); }
/** Sequences that go through the model together. */
export function groupSequences(): i32 { return load<i32>(HEADER, 20); }
/** Parts of a batch whose gradients are summed apart, whatever the number of threads. */
export function shards(): i32 { return load<i32>(HEADER, 24); }
export function batchSequences(): i32 { return load<i32>(HEADER, 28); }
/** Floats of all tensors, each padded to 16 bytes. */
export function parameterFloats(): i32 { return load<i32>(HEADER, 32); }
/** Floats of the tensors that weight decay applies to; these come first. */
export function decayedFloats(): i32 { return load<i32>(HEADER, 36); }
export function parameters(): u32 { return load<u32>(HEADER, 40); }
export function firstMoments(): u32 { return load<u32>(HEADER, 44); }
export function secondMoments(): u32 { return load<u32>(HEADER, 48); }
/** One after the other, a gradient for each shard. */
export function gradients(): u32 { return load<u32>(HEADER, 52); }
export function inputs(): u32 { return load<u32>(HEADER, 56); }
export function targets(): u32 { return load<u32>(HEADER, 60); }
/** A float64 for each sequence. */
export function losses(): u32 { return load<u32>(HEADER, 64); }
/** A float64 for each chunk of parameters: its part of the gradient's squared norm. */
export function squares(): u32 { return load<u32>(HEADER, 68); }
/** Offsets of tensors in floats. */
export function tensors(): u32 { return load<u32>(HEADER, 72); }
/** One after the other, a workspace for each thread. */
export function workspaces(): u32 { return load<u32>(HEADER, 76); }

// Set for each job.
/** Sequences to be evaluated. */
export function evaluatedSequences(): i32 { return load<i32>(HEADER, 80); }
/** What the gradient is multiplied with so that its norm is no more than the clip. */
export function gradientScale(): f32 { return load<f32>(HEADER, 84); }
export function learningRate(): f32 { return load<f32>(HEADER, 88); }
export function decay(): f32 { return load<f32>(HEADER, 92); }
export function beta1(): f32 { return load<f32>(HEADER, 96); }
export function beta2(): f32 { return load<f32>(HEADER, 100); }
export function epsilon(): f32 { return load<f32>(HEADER, 104); }
/** 1 / (1 - beta1^steps). */
export function correction1(): f32 { return load<f32>(HEADER, 108); }
export function correction2(): f32 { return load<f32>(HEADER, 112); }

// Shared between threads at work, each on its own cache line.
export const TICKET: u32 = HEADER + 192;
export const DONE: u32 = HEADER + 256;
