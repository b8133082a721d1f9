import { fenOf, tidyValue, type Language } from '@openvtm/protocol';
import { toCardinal } from 'n2words/en-US';
import nzh from 'nzh/cn';

/** Where the caret stands in the grouped text: as many digits are before it as were when it was typed. */
export function caretIn(after: string, typedBefore: string): number {
  const wanted = typedBefore.replace(/[^\d.]/g, '').length;
  let seen = 0;
  for (let i = 0; i < after.length; i++) {
    if (seen === wanted) return i;
    if (after[i] !== ',') seen += 1;
  }
  return after.length;
}

/**
 * An amount in words, so that a zero too many is seen: in Chinese the capitals that vouchers have.
 * Empty while there is no amount.
 */
export function amountInWords(typed: string, language: Language): string {
  const kept = tidyValue({ kind: 'amount' }, typed);
  if (fenOf(kept) === null) return '';
  if (language === 'zh-CN') return nzh.toMoney(kept.replace(/\.00$/, ''), { outSymbol: false });
  const [yuan = '0', fen = '00'] = kept.split('.');
  const whole = `${toCardinal(BigInt(yuan))} yuan`;
  return fen === '00' ? whole : `${whole} and ${toCardinal(BigInt(fen))} fen`;
}
