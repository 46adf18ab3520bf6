/** Student's t distribution, for intervals from few observations. */

/**
 * The t that a Student variable stays within, on both sides, with the given probability.
 *
 * From the closed form of P(|T| < t) for whole degrees of freedom in the angle atan(t / sqrt(degrees)) (Abramowitz & Stegun
 * 26.7.3 and 26.7.4), bisected.
 *
 * @param probability above 0 and below 1; 0.95 for a 95 % interval
 * @param degrees of freedom, a whole number of at least 1
 */
export function studentQuantile(probability: number, degrees: number): number {
  let low = 0;
  let high = Math.PI / 2;
  let angle = (low + high) / 2;
  while (angle > low && angle < high) {
    if (probabilityWithin(angle, degrees) < probability) low = angle;
    else high = angle;
    angle = (low + high) / 2;
  }
  return Math.sqrt(degrees) * Math.tan(angle);
}

/** P(T < t) of a Student variable; `degrees` as in `studentQuantile`. */
export function studentProbability(t: number, degrees: number): number {
  const within = probabilityWithin(Math.atan(Math.abs(t) / Math.sqrt(degrees)), degrees);
  return t < 0 ? (1 - within) / 2 : (1 + within) / 2;
}

function probabilityWithin(angle: number, degrees: number): number {
  const cosine = Math.cos(angle);
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degrees > 1 ? term : 0;
  for (let k = isOdd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
