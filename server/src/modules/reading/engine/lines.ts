/** A line of print on a picture, in the picture's pixels: its middle, the way from its beginning to its end, its height. */
export type Line = {
  text: string;
  /** 0 to 1. */
  confidence: number;
  /** Where each code unit of the text stands, in shares of the line. */
  at: number[];
  /** Other readings of print made for machines, whose check digits decide. */
  others: string[];
  middle: { x: number; y: number };
  along: { x: number; y: number };
  height: number;
};
