// Pure. How uncertain a share or a count is: 95% intervals.

/** What chance alone leaves open: the true value lies within, in 95 of 100 such cases or more. */
export interface Interval {
  low: number;
  high: number;
}

/** The 97.5% quantile of the normal distribution. */
const Z = 1.959_963_984_540_054;

/**
 * The score interval of a share: Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
 * American Statistical Association 22 (1927), which Newcombe recommends in Statistics in Medicine 17 (1998), method 3. It stays
 * within 0 and 1, and says something of few and of none.
 * @returns from 0 to 1 where there was no trial
 */
export function wilson(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const share = successes / trials;
  const middle = share + Z ** 2 / (2 * trials);
  const half = Z * Math.sqrt((share * (1 - share)) / trials + Z ** 2 / (4 * trials ** 2));
  const scale = 1 + Z ** 2 / trials;
  return {
    // Rounding may leave a trace below nothing, and above all.
    low: successes === 0 ? 0 : (middle - half) / scale,
    high: successes === trials ? 1 : (middle + half) / scale,
  };
}

/**
 * The exact interval of a count of independent events: Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28
 * (1936). Its ends are the means under which so many, or more, and so few, or fewer, come to 2.5%.
 */
export function poisson(events: number): Interval {
  const reach = 6 * Math.sqrt(events + 1) + 6;
  return {
    low: events === 0 ? 0 : meanWhere((mean) => atLeast(events, mean) < 0.025, 0, events),
    high: meanWhere((mean) => atMost(events, mean) > 0.025, events, events + reach),
  };
}

/** The mean at which a condition that holds below stops to hold, by halving. */
function meanWhere(holds: (mean: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to];
  // Fifty halvings leave less than a double can hold.
  for (let n = 0; n < 50; n++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The chance of a count or less, summed downwards from it, where the terms are largest while the mean lies above. */
function atMost(count: number, mean: number): number {
  let [sum, term] = [0, chance(count, mean)];
  for (let k = count; k >= 0 && term > sum * 1e-17; k--) {
    sum += term;
    term *= k / mean;
  }
  return sum;
}

/** The chance of a count or more, summed upwards from it, where the terms are largest while the mean lies below. */
function atLeast(count: number, mean: number): number {
  let [sum, term] = [0, chance(count, mean)];
  for (let k = count + 1; term > sum * 1e-17; k++) {
    sum += term;
    term *= mean / k;
  }
  return sum;
}

/** The chance of exactly a count, by logarithms: e to the power of a mean of 800 is nothing to a double. */
const chance = (count: number, mean: number): number =>
  Math.exp(count * Math.log(mean) - mean - logFactorial(count));

/** Exact to 15 digits: by addition where small, else by Stirling's series. */
function logFactorial(n: number): number {
  if (n < 20) {
    let sum = 0;
    for (let k = 2; k <= n; k++) sum += Math.log(k);
    return sum;
  }
  return (
    (n + 0.5) * Math.log(n) -
    n +
    0.5 * Math.log(2 * Math.PI) +
    1 / (12 * n) -
    1 / (360 * n ** 3) +
    1 / (1260 * n ** 5)
  );
}
