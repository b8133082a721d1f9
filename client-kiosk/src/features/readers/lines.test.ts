import { expect, test } from 'vitest';
import { readLine } from './lines.ts';

const NUMBER = '11010519491231002X';
const OF_NUMBER = { 'id-card.idNumber': NUMBER, 'id-card.birthDate': '1949-12-31' };
const CARD = '6222021001110001994';
const OF_CARD = { 'bank-card.number': CARD, 'bank-card.last4': '1994' };

test.for<[string, object]>([
  [
    `ID|李𠮷|${NUMBER}|北京市东城区一号`,
    { ...OF_NUMBER, 'id-card.name': '李𠮷', 'id-card.address': '北京市东城区一号' },
  ],
  [`ID|O'Neil|${NUMBER}`, { ...OF_NUMBER, 'id-card.name': "O'Neil" }],
  [`ID||${NUMBER.toLowerCase()}`, OF_NUMBER],
  [` ${NUMBER} `, OF_NUMBER],
])('an ID card: %s', ([line, facts]) => {
  expect(readLine(line)).toEqual({ kind: 'id-card', facts });
});

test.for([CARD, `;${CARD}=3012101000001?`, `;${CARD}=`])('a bank card: %s', (line) => {
  expect(readLine(line)).toEqual({ kind: 'bank-card', facts: OF_CARD });
});

test.for([
  '',
  'ID',
  'ID|李|110105194912310021',
  '6222021001110001995',
  ';123=9?',
  'https://example.com',
  '1'.repeat(500),
])('no card: %s', (line) => {
  expect(readLine(line)).toBeNull();
});
