/** Numbers as charts and reports print them; the minus sign is a true one. */

import { formatQuantity } from '../mixture/index.ts';

/** Stands between a number and its sign: they must not part at the end of a line. */
const GAP = '\u00a0';

/** 0.1234 is `12.3 %`; below 1 % two significant digits; a zero is `0 %`, and what would look like one `<0.0001 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return `0${GAP}%`;
  if (Math.abs(percent) < 5e-5) return `<0.0001${GAP}%`;
  const digits = Math.abs(percent) >= 0.995 ? 1 : Math.min(4, 1 - Math.floor(Math.log10(Math.abs(percent))));
  return `${minus(percent.toFixed(digits))}${GAP}%`;
}

/** A fraction as a percentage with two significant decimals: 0.0049 is `0.49 %`, 0.124 is `12.4 %`. */
export function formatError(fraction: number): string {
  const percent = fraction * 100;
  return `${minus(percent.toFixed(Math.abs(percent) >= 9.95 ? 1 : 2))}${GAP}%`;
}

/** As `formatError`, always with a sign. */
export function formatChange(fraction: number): string {
  return fraction > 0 ? `+${formatError(fraction)}` : formatError(fraction);
}

/** Nats per token, three decimals. */
export function formatLoss(loss: number): string {
  return minus(loss.toFixed(3));
}

/** Nats or bits per token, three decimals; a difference that rounds to nothing has no sign. */
export function formatEntropy(entropy: number): string {
  return Math.abs(entropy) < 5e-4 ? '0.000' : minus(entropy.toFixed(3));
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

/** `20B tokens`, `30K steps` to three digits, or '' where volume is not known. */
export function formatVolume(value: number, unit: 'tokens' | 'steps' | 'none'): string {
  return unit === 'none' ? '' : `${roundQuantity(value)}${GAP}${unit}`;
}

/** `1 run`, `5,000 runs`. */
export function formatCount(count: number, noun: string): string {
  return `${groupDigits(count)}${GAP}${noun}${count === 1 ? '' : 's'}`;
}

/** 5000 is `5,000`. */
export function groupDigits(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** As `formatQuantity`, to three digits: 1.998e9 is `2B`. */
export function roundQuantity(value: number): string {
  return formatQuantity(Number(value.toPrecision(3)));
}

/** A coefficient and its standard error to the error's second digit, as `0.43` and `0.10`. */
export function formatWithError(value: number, standardError: number): { value: string; standardError: string } {
  const decimals = 1 - Math.floor(Math.log10(standardError));
  if (!(standardError > 0) || decimals > 6 || decimals < 0) {
    return { value: formatCoefficient(value), standardError: formatCoefficient(Number(standardError.toPrecision(2))) };
  }
  return { value: minus(value.toFixed(decimals)), standardError: standardError.toFixed(decimals) };
}

/** Ticks of a share axis: no decimals that say nothing. */
export function shareTick(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}

function minus(text: string): string {
  return text.replace('-', '−');
}
