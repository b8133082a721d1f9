import { areaList } from '@vant/area-data';

/** A province, city or district of China, by its six-digit code (GB/T 2260). */
export type Area = { code: string; name: string };
export type AreaLevel = 'province' | 'city' | 'district';
/** How far an address names real areas, and what stands behind them. */
export type AddressParts = { [Level in AreaLevel]: Area | null } & { street: string };

const areasOf = (list: Record<string, string>): Area[] => Object.entries(list).map(([code, name]) => ({ code, name }));
const ALL = {
  province: areasOf(areaList.province_list),
  city: areasOf(areaList.city_list),
  district: areasOf(areaList.county_list),
};
/** Codes of cities that are none: their districts stand right below the province, in Chongqing as in the provinces. */
const UNWRITTEN = /^(..90|5002)00$/;

export const provinces = (): Area[] => ALL.province;
const inProvince = (province: Area) => (area: Area) => area.code.slice(0, 2) === province.code.slice(0, 2);
const isWritten = (city: Area, province: Area) => !UNWRITTEN.test(city.code) && city.name !== province.name;

/** The cities to choose from; none in a municipality, whose districts come at once. */
export function citiesOf(province: Area): Area[] {
  const cities = ALL.city.filter(inProvince(province));
  return cities.some((city) => isWritten(city, province)) ? cities : [];
}

/** The districts of a city, or all of a municipality. */
export const districtsOf = (province: Area, city: Area | null): Area[] =>
  ALL.district.filter(
    (area) => inProvince(province)(area) && (city === null || area.code.slice(0, 4) === city.code.slice(0, 4)),
  );

const longestIn = (areas: Area[], text: string): Area | null =>
  areas.filter(({ name }) => text.startsWith(name)).toSorted((a, b) => b.name.length - a.name.length)[0] ?? null;

/** Reads the areas that an address begins with; whatever else it says is its street. */
export function partsOfAddress(line: string): AddressParts {
  const province = longestIn(ALL.province, line);
  if (!province) return { province: null, city: null, district: null, street: line };
  const rest = line.slice(province.name.length);
  const cities = citiesOf(province);
  const written = longestIn(
    cities.filter((one) => isWritten(one, province)),
    rest,
  );
  const afterCity = rest.slice(written?.name.length ?? 0);
  const unwritten = cities.filter((one) => !isWritten(one, province));
  const places: (Area | null)[] = written ? [written] : cities.length === 0 ? [null] : unwritten;
  const district = longestIn(
    places.flatMap((one) => districtsOf(province, one)),
    afterCity,
  );
  const city = written ?? unwritten.find(({ code }) => code.slice(0, 4) === district?.code.slice(0, 4)) ?? null;
  return { province, city, district, street: afterCity.slice(district?.name.length ?? 0) };
}

/** One line, from the province down, as addresses are written and kept. */
export const addressLine = ({ province, city, district, street }: AddressParts): string =>
  [
    province?.name ?? '',
    province && city && isWritten(city, province) ? city.name : '',
    district?.name ?? '',
    street,
  ].join('');
