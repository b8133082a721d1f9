import { problemOf, tidyValue, type Field, type Print } from '@openvtm/protocol';

/** How many fields a screen shows at once: one in large print and for the elderly, so that nothing else asks for attention. */
export const fieldsPerPage = (print: Print): number => (print === 'normal' ? 2 : 1);

/** Kinds whose choices fill a screen. */
const isRoomy = ({ kind }: Field) => kind === 'date' || kind === 'address';

/** The fields in pages of so many; what is chosen from many large targets has a page of its own. */
export function pagesOf(fields: Field[], perPage: number): Field[][] {
  const pages: Field[][] = [];
  for (const field of fields) {
    const last = pages.at(-1);
    if (last && last.length < perPage && ![...last, field].some(isRoomy)) last.push(field);
    else pages.push([field]);
  }
  return pages;
}

/** Where a form stands: at a field, by its name, or at the review of all. Independent of how many fields a page has. */
export type FormAt = { at: 'field'; name: string } | { at: 'review' };

const REVIEW = 'review ';

export const formAtToText = (where: FormAt): string => (where.at === 'review' ? REVIEW : where.name);

/**
 * Where to begin: where the customer was, else the first field that still needs something, else the review when
 * there is anything to review.
 */
export function startOf(fields: Field[], values: ReadonlyMap<string, string>, remembered: string | null): FormAt {
  const first = fields[0];
  if (!first) return { at: 'review' };
  if (remembered !== null && fields.some(({ name }) => name === remembered)) return { at: 'field', name: remembered };
  const open = fields.find((field) => problemOf(field, tidyValue(field, values.get(field.name) ?? '')) !== null);
  if (open) return { at: 'field', name: open.name };
  return remembered === REVIEW || values.size > 0 ? { at: 'review' } : { at: 'field', name: first.name };
}

/** The number of the page that a field is on; the review comes after the last. */
export function pageOf(pages: Field[][], where: FormAt): number {
  if (where.at === 'review') return pages.length;
  return Math.max(
    0,
    pages.findIndex((page) => page.some(({ name }) => name === where.name)),
  );
}
