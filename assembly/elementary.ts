/**
 * exp, log and normal draws from additions, multiplications and divisions alone. Those are specified to the bit, unlike the
 * functions of `Math`.
 */

const LOG2_E: f32 = 1.4426950408889634;
/** ln 2 in two parts: products of the first with whole numbers below 2^9 are exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -0.00021219444005469057;

/** e^x of four floats: relative error below 2e-7 for x in [-87, 88]; 0 below, e^88 above. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87)), f32x4.splat(88));
  const power = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(LOG2_E)));
  let r = f32x4.sub(bounded, f32x4.mul(power, f32x4.splat(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(power, f32x4.splat(LN2_LOW)));
  // Taylor's series to r^7: the rest is below 6e-9 for |r| <= ln(2) / 2.
  let sum = f32x4.splat(1.0 / 5040.0);
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 720.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 120.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 24.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 6.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(0.5));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1));
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(power), i32x4.splat(127)), 23);
  // NaN stays NaN: a comparison with it is false, so the product is masked only where x is below the bound.
  return v128.andnot(f32x4.mul(sum, scale), f32x4.lt(x, f32x4.splat(-87)));
}

/** Natural logarithm of a positive, normal number: relative error below 1e-15. */
export function log(x: f64): f64 {
  let bits = reinterpret<u64>(x);
  let power = ((bits >> 52) as i32) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    power += 1;
  }
  // ln m = 2 artanh s; |s| < 0.172.
  const s = (m - 1) / (m + 1);
  const s2 = s * s;
  let sum: f64 = 0;
  for (let odd = 23; odd >= 1; odd -= 2) sum = sum * s2 + 1.0 / (odd as f64);
  return 2 * s * sum + (power as f64) * 0.6931471805599453;
}

let state: u64 = 0;

export function seedDraws(seed: u64): void {
  state = seed;
}

/** SplitMix64 (Steele, Lea & Flood 2014), 53 bits in [0, 1). */
function uniform(): f64 {
  state += 0x9e3779b97f4a7c15;
  let z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  z = z ^ (z >> 31);
  return ((z >> 11) as f64) * (1.0 / 9007199254740992.0);
}

/** A standard normal draw by the polar method (Marsaglia & Bray 1964); the second of each pair is not used. */
function normal(): f64 {
  while (true) {
    const u = 2 * uniform() - 1;
    const v = 2 * uniform() - 1;
    const s = u * u + v * v;
    if (s < 1 && s > 1e-300) return u * sqrt<f64>((-2 * log(s)) / s);
  }
}

/** Normal draws of the given standard deviation. */
export function fillNormal(at: u32, count: i32, deviation: f64): void {
  for (let i = 0; i < count; i++) store<f32>(at + (i << 2), (normal() * deviation) as f32);
}

/** `exp4` of one number. */
export function exp(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}
