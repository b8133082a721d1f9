import type { DocumentKind, SuggestionName } from '@openvtm/protocol';
import { describe, expect, test } from 'vitest';
import type { Line } from '../engine/lines.ts';
import { parsePage } from './index.ts';

const LETTER = 20;
/** A line as the engine gives it: its letters evenly along it, its left end and middle where they are said to be. */
function line(
  text: string,
  [left, y]: [number, number],
  { confidence = 0.98, others = [] as string[], slope = 0 } = {},
): Line {
  const length = Math.max(1, text.length) * LETTER;
  return {
    text,
    confidence,
    others,
    at: Array.from(text, (_, i) => (i + 0.5) / text.length),
    middle: { x: left + length / 2, y: y + (slope * length) / 2 },
    along: { x: length, y: slope * length },
    height: 30,
  };
}
const read = (kind: DocumentKind, lines: Line[]) => {
  const found = parsePage(kind, lines);
  const of = (name: SuggestionName) => found.find((one) => one.name === name);
  return { found, of, values: Object.fromEntries(found.map(({ name, value }) => [name, value])) };
};

/** The check digit is right: area 990105, which is no place. */
const NUMBER = '990105199307151485';
const FRONT = [
  line('姓名', [60, 100]),
  line('阿依古丽·买买提', [160, 101]),
  line('性别女', [60, 175]),
  line('民族维吾尔', [270, 176]),
  line('出生', [60, 250]),
  line('1993年7月15日', [160, 251]),
  line('住址', [60, 330]),
  line('新疆样例市友好北路30', [160, 331]),
  line('1号', [160, 375]),
  line('公民身份号码', [60, 560]),
  line(NUMBER, [320, 561]),
];
const but = (lines: Line[], changes: Record<string, string>) =>
  lines.map((one) =>
    changes[one.text] === undefined
      ? one
      : line(changes[one.text] ?? '', [one.middle.x - one.along.x / 2, one.middle.y]),
  );

describe('the front of an ID card', () => {
  test('is read field by field, with its places', () => {
    const { values, of } = read('id-card-front', FRONT);
    expect(values).toEqual({
      name: '阿依古丽·买买提',
      sex: '女',
      ethnicity: '维吾尔',
      birthDate: '1993-07-15',
      address: '新疆样例市友好北路301号',
      idNumber: NUMBER,
    });
    expect(of('idNumber')).toMatchObject({ check: 'holds', box: { left: 320, width: 18 * LETTER, height: 30 } });
    // The letter behind its label only.
    expect(of('sex')).toMatchObject({ box: { left: 60 + 2 * LETTER, width: LETTER }, check: 'holds' });
    expect(of('birthDate')?.check).toBe('holds');
  });

  test.for([
    ['a letter O for a zero, an l for a one', '99Ol05l99307151485', NUMBER, 'holds'],
    ['two parts', '990105 19930715 1485', NUMBER, 'holds'],
    ['a small x', '99010119900307039x', '99010119900307039X', 'holds'],
    ['a × for an X', '99010119900307039×', '99010119900307039X', 'holds'],
    ['one wrong digit', '990105199307151486', '990105199307151486', 'fails'],
  ] as const)('the number, read as %s', ([, text, value, check]) => {
    const one = read('id-card-front', but(FRONT, { [NUMBER]: text })).of('idNumber');
    expect(one?.value).toBe(value);
    expect(one?.check).toBe(check);
  });

  test('a birth day and a sex that the number does not bear out are said to be wrong', () => {
    const { of } = read('id-card-front', but(FRONT, { '1993年7月15日': '1998年7月15日', 性别女: '性别男' }));
    expect([of('birthDate')?.check, of('sex')?.check]).toEqual(['fails', 'fails']);
    // With a number that itself is wrong nothing can be said.
    const { of: unknown } = read('id-card-front', but(FRONT, { [NUMBER]: '990105199307151486' }));
    expect([unknown('birthDate')?.check, unknown('sex')?.check]).toEqual([null, null]);
    expect(unknown('idNumber')?.confidence).toBeLessThan(0.6);
  });

  test.for([
    ['阿依古丽•买买提', '阿依古丽·买买提'],
    ['阿依古丽.买买提', '阿依古丽·买买提'],
    ['欧阳 静怡', '欧阳静怡'],
    ['𠮷野喆', '𠮷野喆'],
    ['王㛃', '王㛃'],
  ] as const)('the name %s', ([text, name]) => {
    expect(read('id-card-front', but(FRONT, { 阿依古丽·买买提: text })).values['name']).toBe(name);
  });

  test('a page that lies askew has the same rows', () => {
    const askew = FRONT.map((one) => {
      const left = one.middle.x - one.along.x / 2;
      return line(one.text, [left, one.middle.y + left * 0.06], { slope: 0.06 });
    });
    expect(read('id-card-front', askew).values).toEqual(read('id-card-front', FRONT).values);
  });

  test('what can not be read is left out, and of noise nothing is', () => {
    expect(
      Object.keys(
        read('id-card-front', but(FRONT, { [NUMBER]: '9901051993', 出生: '', '1993年7月15日': '19年7月' })).values,
      ),
    ).toEqual(['name', 'sex', 'ethnicity', 'address']);
    expect(read('id-card-front', [line('~#', [0, 0]), line('', [0, 40])]).found).toEqual([]);
    expect(read('id-card-front', []).found).toEqual([]);
    // A day that the calendar does not have is none.
    expect(read('id-card-front', but(FRONT, { '1993年7月15日': '1993年2月30日' })).of('birthDate')).toBeUndefined();
  });

  test('lines that are meant to take long are read as fast as others', () => {
    const began = performance.now();
    for (const text of ['1 '.repeat(5_000), '姓名' + ' '.repeat(20_000), '年月日'.repeat(5_000), '住址'.repeat(5_000)])
      read('id-card-front', [line(text, [0, 0])]);
    expect(performance.now() - began).toBeLessThan(1_500);
  });
});

test.for([
  ['2018.03.12-2038.03.12', '2018-03-12', '2038-03-12'],
  ['2018.03.12一长期', '2018-03-12', '长期'],
  ['2O18.03.l2—2038.03.12', '2018-03-12', '2038-03-12'],
  ['20180312-20380312', '2018-03-12', '2038-03-12'],
] as const)('the back of an ID card that is valid %s', ([text, from, to]) => {
  const lines = [
    line('签发机关', [250, 470]),
    line('样例市公安局示例分局', [400, 471]),
    line('有效期限', [250, 550]),
    line(text, [400, 551]),
  ];
  expect(read('id-card-back', lines).values).toEqual({
    authority: '样例市公安局示例分局',
    validFrom: from,
    validTo: to,
  });
});

describe('a passport', () => {
  const UPPER = 'POCHNAYIGULI<<MAIMAITI<<<<<<<<<<<<<<<<<<<<<<';
  const LOWER = 'E987654324CHN9307159F3107140<<<<<<<<<<<<<<<2';
  const PAGE = (upper: Line, lower: Line) => [
    line('姓名/Name', [420, 256]),
    line('阿依古丽·买买提', [420, 290]),
    line("A'YIGULI, MAIMAITI", [420, 331]),
    upper,
    lower,
  ];
  const WHOLE = {
    name: '阿依古丽·买买提',
    latinName: 'AYIGULI MAIMAITI',
    passportNumber: 'E98765432',
    nationality: 'CHN',
    birthDate: '1993-07-15',
    sex: '女',
    validTo: '2031-07-14',
  };

  test('has every check digit looked at', () => {
    const { values, of } = read('passport', PAGE(line(UPPER, [40, 740]), line(LOWER, [40, 810])));
    expect(values).toEqual(WHOLE);
    expect([of('passportNumber')?.check, of('birthDate')?.check, of('validTo')?.check]).toEqual([
      'holds',
      'holds',
      'holds',
    ]);
  });

  test('a reading that lost letters gives way to another whose check digits hold', () => {
    const lower = line('E987654324HN9307159F3107140<<<<<<<<<<<<<<<2', [40, 810], {
      others: ['E9876543240HN9307159F3107140<<<<<<<<<<<<<2', LOWER],
    });
    const upper = line('P0HNAYGUL<<MAMAT<<<<<<', [40, 740], { others: ['POCHNAYIGULI<<MAIMAITI<'] });
    expect(read('passport', PAGE(upper, lower)).values).toEqual(WHOLE);
  });

  test.for([
    ['O for 0 in a day', LOWER.replace('F3107140', 'F31O714O')],
    ['fillers that were lost', LOWER.replace('<<<<<<', '<')],
    ['wide and doubled angles', LOWER.replace('<<<<', '««')],
  ])('%s', ([, text]) => {
    expect(read('passport', PAGE(line(UPPER, [40, 740]), line(text ?? '', [40, 810]))).values).toEqual(WHOLE);
  });

  test('a digit that is wrong fails, and the whole with it', () => {
    const { of } = read('passport', PAGE(line(UPPER, [40, 740]), line(LOWER.replace('9307159', '9308159'), [40, 810])));
    expect(of('birthDate')?.check).toBe('fails');
    expect(of('passportNumber')?.check).toBe('fails');
  });
});

test.for([
  ['6229 9901 2345 6789 016', '6229990123456789016', 'holds'],
  ['6229 99O1 2345 6789 0l6', '6229990123456789016', 'holds'],
  ['6229990123456789017', '6229990123456789017', 'fails'],
] as const)('a bank card with %s', ([text, value, check]) => {
  const lines = [
    line('示例银行 储蓄卡', [60, 90]),
    line(text, [60, 380]),
    line('VALID FROM 03/21', [60, 470]),
    line('VALID THRU 03/31', [400, 480]),
  ];
  const { of } = read('bank-card', lines);
  expect(of('cardNumber')).toMatchObject({ value, check });
  expect(of('validThru')?.value).toBe('03/31');
});

test('a number of more digits than a card has is none, even where its end would hold', () => {
  expect(read('bank-card', [line('622999876543201234565', [60, 380])]).of('cardNumber')).toBeUndefined();
});

test.for([
  ['91990105MA7ABCDE12', 'holds'],
  ['9199O1O5MA7ABCDEI2', 'holds'],
  ['91990105MA7ABCDE13', 'fails'],
] as const)('a business licence with %s', ([code, check]) => {
  const lines = [
    line('统一社会信用代码', [110, 170]),
    line(code, [110, 220]),
    line('名', [110, 410]),
    line('称', [200, 411]),
    line('样例(上海)信息科技有限公司', [300, 410]),
    line('注册资本', [860, 411]),
    line('伍佰万元整', [1040, 410]),
    line('法定代表人', [110, 550]),
    line('欧阳静怡', [300, 551]),
    line('住所', [860, 551]),
  ];
  const { values, of } = read('business-licence', lines);
  expect(values).toMatchObject({ companyName: '样例（上海）信息科技有限公司', legalRepresentative: '欧阳静怡' });
  expect(of('creditCode')?.check).toBe(check);
});
