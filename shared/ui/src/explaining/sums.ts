import type { CalculatorBlock, SumValues } from '@openvtm/protocol';

/**
 * What a calculator works out, in yuan. `parts`: a bar each for the drawing, from the first month to the last; a deposit's
 * show the interest alone, beside whose capital it would not be seen.
 */
export type Sum = {
  /** Interest at the end, or each month's instalment. */
  main: number;
  /** Sum and interest together. */
  total: number;
  interest: number;
  parts: { capital: number; interest: number }[];
};

/** More bars than this are no drawing any more. */
const MOST_BARS = 24;

/** Months that bars are drawn for: evenly, the last among them. */
function barMonths(months: number): number[] {
  const bars = Math.min(months, MOST_BARS);
  return Array.from({ length: bars }, (_, i) => Math.round(((i + 1) * months) / bars));
}

/** Simple interest, paid once at the end: amount × yearly rate × months ÷ 12, in fen as banks round it. */
function depositInterest({ amount, months, rate }: SumValues): Sum {
  const after = (month: number) => Math.round((amount * rate * month) / 12 / 100) / 100;
  const interest = after(months);
  return {
    main: interest,
    total: amount + interest,
    interest,
    parts: barMonths(months).map((month) => ({ capital: 0, interest: after(month) })),
  };
}

/** Equal instalments: amount × i × (1 + i)^n ÷ ((1 + i)^n − 1), where i is a month's rate and n the months. */
function loanInstalment({ amount, months, rate }: SumValues): Sum {
  const monthly = rate / 10_000 / 12;
  const growth = (1 + monthly) ** months;
  const exact = monthly === 0 ? amount / months : (amount * monthly * growth) / (growth - 1);
  const main = Math.round(exact * 100) / 100;
  const interestIn = (month: number) => {
    const left =
      monthly === 0
        ? 0
        : amount * (1 + monthly) ** (month - 1) - (exact * ((1 + monthly) ** (month - 1) - 1)) / monthly;
    return left * monthly;
  };
  const total = Math.round(exact * months * 100) / 100;
  return {
    main,
    total,
    interest: Math.round((total - amount) * 100) / 100,
    parts: barMonths(months).map((month) => ({ capital: exact - interestIn(month), interest: interestIn(month) })),
  };
}

/** What a calculator of this kind says for these values. */
export const workOut = (sum: CalculatorBlock['sum'], values: SumValues): Sum =>
  sum === 'deposit-interest' ? depositInterest(values) : loanInstalment(values);
