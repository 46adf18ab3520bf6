import { wholeNumbers } from './random.js';

const SHEETS = 600;
const EXERCISES = 40;

/** @type {import('../index.js').SampleDomain} */
export const arithmetic = {
  name: 'arithmetic',
  title: 'Sheets of sums with their results, generated',
  packages: [],
  licence: 'Apache-2.0',
  licenceText: 'LICENSE of bimix-sample-corpora',
  extract: `one document a sheet of ${EXERCISES} exercises of one kind, written from a fixed seed`,
  async *documents() {
    const draw = wholeNumbers(20240523);
    for (let sheet = 1; sheet <= SHEETS; sheet++) {
      const { title, exercise } = KINDS[draw(0, KINDS.length - 1)];
      const digits = draw(1, 4);
      const lines = Array.from({ length: EXERCISES }, () => exercise(draw, 10 ** digits));
      yield { id: `sheet-${String(sheet).padStart(3, '0')}`, text: `${title}\n\n${lines.join('\n')}\n` };
    }
  },
};

/** Titles, and exercises with numbers below a limit. */
const KINDS = [
  { title: 'Addition', exercise: (draw, limit) => sum(draw(1, limit), draw(1, limit)) },
  { title: 'Subtraction', exercise: (draw, limit) => difference(draw(1, limit), draw(1, limit)) },
  { title: 'Multiplication', exercise: (draw, limit) => product(draw(2, limit), draw(2, 99)) },
  { title: 'Division with remainder', exercise: (draw, limit) => division(draw(1, limit) * draw(1, 99), draw(2, 99)) },
  {
    title: 'Greatest common divisor',
    exercise: (draw, limit) => divisor(draw(1, 60) * draw(1, limit), draw(1, 60) * draw(1, limit)),
  },
  { title: 'Factors', exercise: (draw, limit) => factors(draw(2, limit * 9)) },
  { title: 'Long sums', exercise: (draw, limit) => longSum(Array.from({ length: draw(3, 6) }, () => draw(1, limit))) },
  { title: 'Brackets', exercise: (draw, limit) => brackets(draw(2, limit), draw(2, limit), draw(2, 20)) },
  { title: 'Sequences', exercise: (draw, limit) => sequence(draw(1, limit), draw(1, 99)) },
  { title: 'Order', exercise: (draw, limit) => order(Array.from({ length: draw(3, 7) }, () => draw(1, limit * 9))) },
  { title: 'Binary numbers', exercise: (draw, limit) => binary(draw(1, limit * 9)) },
  { title: 'Problems', exercise: (draw, limit) => problem(draw, draw(2, limit), draw(2, 40)) },
];

const sum = (a, b) => `${a} + ${b} = ${a + b}`;
const difference = (a, b) => `${a} - ${b} = ${a - b}`;
const product = (a, b) => `${a} * ${b} = ${a * b}`;
const division = (a, b) => `${a} / ${b} = ${Math.floor(a / b)} remainder ${a % b}`;
const divisor = (a, b) => `gcd(${a}, ${b}) = ${greatestDivisor(a, b)}`;
const longSum = terms => `${terms.join(' + ')} = ${terms.reduce((total, term) => total + term)}`;
const brackets = (a, b, c) => `(${a} + ${b}) * ${c} = ${a + b} * ${c} = ${(a + b) * c}`;
const sequence = (start, step) => `${Array.from({ length: 8 }, (_, index) => start + index * step).join(', ')}`;
const order = numbers => `${numbers.join(', ')} -> ${[...numbers].sort((a, b) => a - b).join(', ')}`;
const binary = n => `${n} = ${n.toString(2)} in base 2`;

function greatestDivisor(a, b) {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

function factors(n) {
  const found = [];
  let rest = n;
  for (let factor = 2; factor * factor <= rest; factor++) {
    for (; rest % factor === 0; rest /= factor) found.push(factor);
  }
  if (rest > 1) found.push(rest);
  return found.length === 1 ? `${n} is prime` : `${n} = ${found.join(' * ')}`;
}

const THINGS = ['apples', 'books', 'stones', 'coins', 'letters', 'boats', 'chairs', 'lamps', 'nails', 'eggs'];
const PLACES = ['boxes', 'bags', 'rooms', 'baskets', 'houses', 'rows'];

function problem(draw, many, few) {
  const thing = THINGS[draw(0, THINGS.length - 1)];
  const place = PLACES[draw(0, PLACES.length - 1)];
  switch (draw(0, 3)) {
    case 0:
      return `There are ${few} ${place} with ${many} ${thing} each. In all there are ${few} * ${many} = ${few * many} ${thing}.`;
    case 1:
      return `Of ${many + few} ${thing}, ${few} are lost. There are ${many + few} - ${few} = ${many} ${thing} left.`;
    case 2:
      return `${many * few} ${thing} are shared equally among ${few} ${place}. Each has ${many * few} / ${few} = ${many} ${thing}.`;
    default:
      return `One has ${many} ${thing}, the other ${few}. Together they have ${many} + ${few} = ${many + few} ${thing}.`;
  }
}
