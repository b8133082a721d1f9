import { cardNumberHolds, idNumberHolds } from '@openvtm/protocol';
import type { CardFacts, CardKind } from './reader.ts';

/**
 * What readers type, a line a card; docs/running.md says how one is set up for it:
 *
 * - `ID|name|number|address`, the number alone being enough: `ID||11010519491231002X`
 * - the bare 18 characters of an ID number, as a reader of numbers types them
 * - track 2 of a bank card (ISO/IEC 7813), `;number=…?`, of which nothing but the number is kept
 * - the bare 13 to 19 digits of a bank card
 */
export function readLine(line: string): { kind: CardKind; facts: CardFacts } | null {
  const text = line.normalize('NFC').trim();
  const [mark, name = '', number = '', address = ''] = text.split('|').map((part) => part.trim());
  if (mark === 'ID') return idCard({ number, name, address });
  const track2 = /^;(\d{13,19})=\d*\??$/.exec(text)?.[1];
  if (track2 !== undefined) return bankCard(track2);
  return idCard({ number: text, name: '', address: '' }) ?? bankCard(text);
}

function idCard({ number, name, address }: { number: string; name: string; address: string }) {
  const idNumber = number.toUpperCase();
  if (!idNumberHolds(idNumber)) return null;
  const facts: CardFacts = {
    'id-card.idNumber': idNumber,
    'id-card.birthDate': `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`,
    ...(name === '' ? {} : { 'id-card.name': name }),
    ...(address === '' ? {} : { 'id-card.address': address }),
  };
  return { kind: 'id-card' as const, facts };
}

function bankCard(number: string) {
  if (!cardNumberHolds(number)) return null;
  return { kind: 'bank-card' as const, facts: { 'bank-card.number': number, 'bank-card.last4': number.slice(-4) } };
}
