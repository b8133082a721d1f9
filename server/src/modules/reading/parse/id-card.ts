import { idNumberHolds } from '@openvtm/protocol';
import { dayOf, DIGIT, digitsOf, firstOf, foundIn, hanName, type Found } from './found.ts';
import { aroundAll, type Row } from './rows.ts';

/** As the card writes them. Source: GB/T 3304-1991. */
const ETHNICITIES = new Set(
  '汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 穿青人 其他'.split(
    ' ',
  ),
);
const UNSURE = 0.6;
/** Eleven letters a line, and no address has more lines than these. */
const ADDRESS_LINES = 4;

/** The side with the photo. */
export function parseIdFront(rows: readonly Row[]): Found[] {
  const found: Found[] = [];
  const number = firstOf(rows, new RegExp(`([${DIGIT}][${DIGIT} ]{15,22}[${DIGIT}Xx×*])(?![${DIGIT}])`));
  const idNumber = number && tidyNumber(number.value);
  const holds = idNumber !== null && idNumberHolds(idNumber);

  const name = firstOf(rows, /[姓牲娃性胜][\s]*名[\s:：]*([\p{Script=Han}][\p{Script=Han}·.•・‧∙●。，,、\s]{1,28})/u);
  if (name && hanName(name.value).length > 1)
    found.push(foundIn(name.row, { name: 'name', value: hanName(name.value), from: name.from, to: name.to }));

  const sex = firstOf(rows, /[性住件][\s]*[别刖][\s:：]*([男女])/u);
  if (sex) {
    const check = holds ? (Number(idNumber[16]) % 2 === 1) === (sex.value === '男') : null;
    found.push(foundIn(sex.row, { name: 'sex', value: sex.value, from: sex.from, to: sex.to, check }));
  }

  const ethnicity = firstOf(rows, /[民尼][\s]*[族旅][\s:：]*([\p{Script=Han}]{1,5})/u);
  if (ethnicity) {
    const one = foundIn(ethnicity.row, {
      name: 'ethnicity',
      value: ethnicity.value,
      from: ethnicity.from,
      to: ethnicity.to,
    });
    found.push(ETHNICITIES.has(one.value) ? one : { ...one, confidence: one.confidence * UNSURE });
  }

  const birth = firstOf(
    rows,
    new RegExp(`([${DIGIT}]{4})\\s*年\\s*([${DIGIT}]{1,2})\\s*月\\s*([${DIGIT}]{1,2})\\s*[日目曰]`),
  );
  const day = birth && dayOf(birth.match[1] ?? '', birth.match[2] ?? '', birth.match[3] ?? '');
  if (birth && day) {
    const check = holds ? idNumber.slice(6, 14) === day.replaceAll('-', '') : null;
    const to = birth.match.index + birth.match[0].length;
    found.push(foundIn(birth.row, { name: 'birthDate', value: day, from: birth.from, to, check }));
  }

  const address = addressOf(rows, number?.index ?? rows.length);
  if (address) found.push(address);
  if (number && idNumber)
    found.push(
      foundIn(number.row, { name: 'idNumber', value: idNumber, from: number.from, to: number.to, check: holds }),
    );
  return found;
}

function tidyNumber(text: string): string | null {
  const letters = text.replace(/\s/g, '');
  const value = digitsOf(letters.slice(0, 17)) + digitsOf(letters.slice(17)).replace(/[x×*]/, 'X');
  return /^\d{17}[\dX]$/.test(value) ? value : null;
}

/** From its label on, line by line, to the number. */
function addressOf(rows: readonly Row[], end: number): Found | null {
  const start = firstOf(rows, /[住佳往][\s]*[址扯止][\s:：]*(\S.*)$/u);
  if (!start) return null;
  const parts = [{ row: start.row, from: start.from, to: start.to, text: start.value }];
  for (const row of rows.slice(start.index + 1, Math.min(end, start.index + ADDRESS_LINES))) {
    if (/公民|身份|号码/.test(row.text)) break;
    parts.push({ row, from: 0, to: row.text.length, text: row.text });
  }
  const value = parts.map(({ text }) => text.replace(/\s/g, '')).join('');
  return {
    name: 'address',
    value,
    confidence: Math.min(...parts.map(({ row, from, to }) => row.confidence(from, to))),
    box: aroundAll(parts.map(({ row, from, to }) => row.box(from, to))),
    check: null,
  };
}

/** The side with the emblem. */
export function parseIdBack(rows: readonly Row[]): Found[] {
  const found: Found[] = [];
  const authority = firstOf(rows, /[签鉴]?\s*发\s*机\s*关{1,2}[\s:：]*([\p{Script=Han}][\p{Script=Han}\s]{3,40})/u);
  if (authority) {
    const { row, from, to } = authority;
    found.push(foundIn(row, { name: 'authority', value: authority.value.replace(/\s/g, ''), from, to }));
  }
  const dot = '[.,·。:\\-\\s]{0,2}';
  const date = `([${DIGIT}]{4})${dot}([${DIGIT}]{2})${dot}([${DIGIT}]{2})`;
  const valid = firstOf(rows, new RegExp(`${date}\\s*[-—–一~至]\\s*(?:${date}|(长\\s*期))`));
  if (valid) {
    const [, y1 = '', m1 = '', d1 = '', y2 = '', m2 = '', d2 = '', always] = valid.match;
    const [from, to] = [valid.match.index, valid.match.index + valid.match[0].length];
    const middle = valid.row.text.slice(from).search(/[-—–一~至]/) + from;
    const begin = dayOf(y1, m1, d1);
    const end = always === undefined ? dayOf(y2, m2, d2) : '长期';
    if (begin)
      found.push(foundIn(valid.row, { name: 'validFrom', value: begin, from, to: middle > from ? middle : to }));
    if (end)
      found.push(foundIn(valid.row, { name: 'validTo', value: end, from: middle > from ? middle + 1 : from, to }));
  }
  return found;
}
