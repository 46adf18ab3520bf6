/** Ticks whose labels do not touch. */

import { textWidth } from './label.ts';
import { FONT_SIZE } from './theme.ts';

/** Round values within a range, about `count` of them. */
export function roundTicks([low, high]: readonly [number, number], count: number): number[] {
  const raw = (high - low) / Math.max(count, 1);
  if (!(raw > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5].find(factor => factor * power >= raw * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** As many round ticks of a linear axis as leave room between their labels on `width` pixels. */
export function linearTicks(
  domain: readonly [number, number],
  width: number,
  format: (value: number) => string,
  most = 6,
): number[] {
  for (let count = most; count > 1; count--) {
    const ticks = roundTicks(domain, count);
    const widest = Math.max(0, ...ticks.map(tick => textWidth(format(tick), FONT_SIZE)));
    if (ticks.length * (widest + 8) <= width) return ticks;
  }
  return roundTicks(domain, 1);
}

/** Powers of ten, or 1, 2 and 5 times them, within the range: at most about `most`. */
export function logTicks([low, high]: readonly [number, number], most: number): number[] {
  const within = (factors: readonly number[], every: number): number[] => {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      if (power % every !== 0) continue;
      for (const factor of factors) {
        const tick = Number((factor * 10 ** power).toPrecision(12));
        if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
      }
    }
    return ticks;
  };
  const choices = [within([1, 2, 5], 1), within([1, 3], 1), ...[1, 2, 3, 4, 5, 6].map(every => within([1], every))];
  return choices.find(ticks => ticks.length <= most) ?? [];
}

const SHARES = [0, 0.0001, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1];

/** Ticks of a square-root axis of shares from 0 to `largest`, on `width` pixels. */
export function rootShareTicks(largest: number, width: number, format: (share: number) => string): number[] {
  const position = (share: number): number => Math.sqrt(share / largest) * width;
  const half = (share: number): number => textWidth(format(share), FONT_SIZE) / 2;
  const ticks: number[] = [];
  // From the right, where shares are easiest to distinguish; 0 always stays.
  for (const share of SHARES.filter(share => share <= largest).reverse()) {
    const previous = ticks[ticks.length - 1];
    const room = (from: number, to: number): boolean => position(to) - position(from) >= half(from) + half(to) + 6;
    if (share === 0 || ((previous === undefined || room(share, previous)) && room(0, share))) ticks.push(share);
  }
  return ticks.reverse();
}
