/** Numbers as charts and reports print them; the minus sign is a true one. */

import { formatQuantity } from '../mixture/index.ts';

/** 0.1234 is `12.3 %`; below 1 % two significant digits; a zero is `0 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  const digits = Math.abs(percent) >= 0.995 ? 1 : Math.min(4, 1 - Math.floor(Math.log10(Math.abs(percent))));
  return `${minus(percent.toFixed(digits))} %`;
}

/** A fraction as a percentage with two significant decimals: 0.0049 is `0.49 %`, 0.124 is `12.4 %`. */
export function formatError(fraction: number): string {
  const percent = fraction * 100;
  return `${minus(percent.toFixed(Math.abs(percent) >= 9.95 ? 1 : 2))} %`;
}

/** As `formatError`, always with a sign. */
export function formatChange(fraction: number): string {
  return fraction > 0 ? `+${formatError(fraction)}` : formatError(fraction);
}

/** Nats per token, three decimals. */
export function formatLoss(loss: number): string {
  return minus(loss.toFixed(3));
}

/** Four significant digits, in scientific notation where plain digits would mislead. */
export function formatCoefficient(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size >= 1e5 || size < 1e-3) {
    const [mantissa, exponent] = value.toExponential(1).split('e');
    return `${minus(mantissa)}e${minus(String(Number(exponent)))}`;
  }
  return minus(String(Number(value.toPrecision(4))));
}

/** `20B tokens`, `30K steps`, or '' where volume is not known. */
export function formatVolume(value: number, unit: 'tokens' | 'steps' | 'none'): string {
  return unit === 'none' ? '' : `${formatQuantity(value)} ${unit}`;
}

/** Ticks of a share axis: no decimals that say nothing. */
export function shareTick(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}

function minus(text: string): string {
  return text.replace('-', '−');
}
