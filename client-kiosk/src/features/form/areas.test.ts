import { describe, expect, test } from 'vitest';
import { addressLine, citiesOf, districtsOf, partsOfAddress, provinces } from './areas.ts';

const names = (line: string) => {
  const { province, city, district, street } = partsOfAddress(line);
  return [province?.name, city?.name, district?.name, street];
};

describe('an address is read from the province down', () => {
  test.for([
    ['北京市海淀区中关村大街27号', ['北京市', undefined, '海淀区', '中关村大街27号']],
    ['福建省福州市鼓楼区五四路1号', ['福建省', '福州市', '鼓楼区', '五四路1号']],
    ['重庆市城口县一号', ['重庆市', undefined, '城口县', '一号']],
    ['湖北省仙桃市一号', ['湖北省', '省直辖县', '仙桃市', '一号']],
    ['广东省东莞市虎门镇一号', ['广东省', '东莞市', '虎门镇', '一号']],
    ['香港特别行政区香港岛中西区一号', ['香港特别行政区', '香港岛', '中西区', '一号']],
    ['福建省福州市一号', ['福建省', '福州市', undefined, '一号']],
    ['福建省一号', ['福建省', undefined, undefined, '一号']],
    ['12 Rue de l’Église, Paris', [undefined, undefined, undefined, '12 Rue de l’Église, Paris']],
    ['', [undefined, undefined, undefined, '']],
    ['𠮷林路1号', [undefined, undefined, undefined, '𠮷林路1号']],
  ] as const)('%s', ([line, parts]) => {
    expect(names(line)).toEqual(parts);
    // Nothing of it is lost, whatever was recognised.
    expect(addressLine(partsOfAddress(line))).toBe(line);
  });
});

describe('what can be chosen', () => {
  test('has districts everywhere, and reads back as it was chosen', () => {
    for (const province of provinces()) {
      for (const city of citiesOf(province).length > 0 ? citiesOf(province) : [null]) {
        const districts = districtsOf(province, city);
        expect(districts.length, province.name).toBeGreaterThan(0);
        for (const district of districts) {
          const line = addressLine({ province, city, district, street: '一号' });
          expect(addressLine(partsOfAddress(line))).toBe(line);
          expect(partsOfAddress(line).district?.name.startsWith(district.name), line).toBe(true);
        }
      }
    }
  });

  test('is a district at once in a municipality', () => {
    const beijing = provinces().find(({ name }) => name === '北京市')!;
    expect(citiesOf(beijing)).toEqual([]);
    expect(districtsOf(beijing, null).map(({ name }) => name)).toContain('东城区');
  });
});
