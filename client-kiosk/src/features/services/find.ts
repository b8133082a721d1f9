import type { Language, ServiceCard } from '@openvtm/protocol';

type Findable = Pick<ServiceCard, 'title' | 'summary' | 'keywords'>;

/** Small words that fit everything. */
const EMPTY = new Set(['a', 'an', 'the', 'my', 'i', 'to', 'is', 'of', 'for', 'want', 'need']);

const plain = (text: string): string => text.normalize('NFKC').toLocaleLowerCase().trim();

/** What a word is worth where it was found: in the name, in what people say, in the description. */
const WORTH = { title: 4, keyword: 3, summary: 1 };

/** How well what somebody typed fits a service; 0: not at all. Chinese is found by its characters, without spaces. */
export function fitOf(service: Findable, typed: string, language: Language): number {
  const wish = plain(typed);
  if (wish === '') return 0;
  const title = plain(service.title[language]);
  const summary = plain(service.summary[language]);
  const keywords = service.keywords[language].map(plain);
  const whole = (text: string) => text.includes(wish) || (text.length > 1 && wish.includes(text));
  let fit = 0;
  if (whole(title)) fit += 2 * WORTH.title;
  if (keywords.some(whole)) fit += 2 * WORTH.keyword;
  for (const word of wish.split(/[\s,，。、]+/).filter((one) => one.length > 0 && !EMPTY.has(one))) {
    if (title.includes(word)) fit += WORTH.title;
    if (keywords.some((keyword) => keyword.includes(word))) fit += WORTH.keyword;
    if (summary.includes(word)) fit += WORTH.summary;
  }
  return fit;
}

/** The services that fit, the best first; in the catalogue's order where they fit alike. */
export function findServices<S extends Findable>(services: readonly S[], typed: string, language: Language): S[] {
  return services
    .map((service) => ({ service, fit: fitOf(service, typed, language) }))
    .filter(({ fit }) => fit > 0)
    .toSorted((a, b) => b.fit - a.fit)
    .map(({ service }) => service);
}
