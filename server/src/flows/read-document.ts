import {
  fieldsOf,
  maskValue,
  READ_ON,
  suggestionClass,
  tidyValue,
  type DocumentId,
  type DocumentKind,
  type Field,
  type Form,
  type ReadFact,
  type ReadingView,
  type Suggestion,
  type SuggestionName,
} from '@openvtm/protocol';
import type { Bus, Fact } from '../kernel/bus.ts';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers, StaffCaller } from '../kernel/handler.ts';
import { FilesAway } from '../kernel/files/index.ts';
import type { Log } from '../kernel/log.ts';
import type { Work, Works } from '../kernel/work.ts';
import type { Found, ReadPage } from '../modules/reading/index.ts';
import { callAtDesk } from './call-at-desk.ts';
import type { Parts } from './parts.ts';
import { requireInCall } from './serve-case.ts';

type Needs = Pick<Parts, 'calls' | 'cases' | 'documents' | 'reading' | 'services'>;

/** ms between looks for pages that nobody told of: those that another process left. */
const LOOK_MS = 5_000;
const FORGET_MS = 3_600_000;
/** What was read is of use while the case is worked on; the picture stays. */
const KEEP_MS = 24 * 3_600_000;

/** What a card reader would fill in by the same name. */
const READS: Partial<Record<DocumentKind, Partial<Record<SuggestionName, ReadFact[]>>>> = {
  'id-card-front': {
    name: ['id-card.name'],
    idNumber: ['id-card.idNumber'],
    birthDate: ['id-card.birthDate'],
    address: ['id-card.address'],
  },
  passport: { name: ['id-card.name'], birthDate: ['id-card.birthDate'] },
  'bank-card': { cardNumber: ['bank-card.number', 'bank-card.last4'] },
};

/** The form's field that a finding goes into: by what a card reader reads there, by its format, or by its name. */
export function fieldFor(form: Form, kind: DocumentKind, name: SuggestionName): Field | null {
  const facts = READS[kind]?.[name] ?? [];
  const fits = (field: Field): boolean =>
    (field.reads !== undefined && facts.includes(field.reads)) ||
    (name === 'creditCode' && field.kind === 'credit-code') ||
    (field.name === name && facts.length === 0 && field.kind !== 'choice');
  return fieldsOf(form).find(fits) ?? null;
}

/** As the field keeps it. */
function valueFor(field: Field, { value }: Found): string {
  const part = field.kind === 'card-last4' ? value.slice(-4) : value;
  return tidyValue(field, part);
}

/** Names differ by no space, dot or apostrophe, and Latin ones by no capital. */
const compared = (field: Field, value: string): string =>
  field.kind === 'name' || field.kind === 'address' || field.kind === 'text'
    ? value
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[\s'’·•.,\-()]/g, '')
    : value;

function suggestionOf(
  found: Found,
  page: ReadPage,
  { form, values }: { form: Form; values: ReadonlyMap<string, string> },
): Suggestion {
  const field = fieldFor(form, page.kind, found.name);
  const kind = field?.class === 'C2' ? 'C2' : suggestionClass(found.name);
  const value = field ? valueFor(field, found) : found.value;
  const inForm = field ? (values.get(field.name) ?? '') : '';
  const same = field && compared(field, value) === compared(field, inForm);
  return {
    name: found.name,
    class: kind,
    shown: kind === 'C2' ? maskValue(found.value) : found.value,
    masked: kind === 'C2',
    confidence: found.confidence,
    box: found.box,
    check: found.check,
    field: field?.name ?? null,
    compared: !field ? null : inForm === '' ? 'empty' : same ? 'matches' : 'differs',
    accepted: page.accepted.includes(found.name),
  };
}

/** What was read on the pages of the case that this person leads, masked, each finding beside what the form says. */
export async function shownReadings(needs: Needs & Pick<Parts, 'queue'>, staffId: string): Promise<ReadingView[]> {
  const call = await callAtDesk(needs, staffId);
  return call?.staffId === staffId ? readingsOf(needs, call.caseId) : [];
}

/** The same of a case, for whoever may see it. */
export async function readingsOf(
  needs: Pick<Parts, 'cases' | 'reading' | 'services'>,
  caseId: string,
): Promise<ReadingView[]> {
  const [pages, plain] = await Promise.all([needs.reading.ofCase(caseId), needs.cases.plainValues(caseId)]);
  if (!plain) return [];
  const beside = { form: needs.services.get(plain.serviceId).form, values: plain.values };
  return pages.map((page) => ({
    documentId: page.documentId as DocumentId,
    page: page.page,
    at: page.at,
    since: page.since,
    suggestions: page.found.map((found) => suggestionOf(found, page, beside)),
    missing:
      page.at === 'waiting'
        ? []
        : (READ_ON[page.kind] ?? []).filter((name) => !page.found.some((one) => one.name === name)),
  }));
}

/** Pages have become part of a document: they are read soon. */
export async function expectReading(
  { documents, reading }: Pick<Parts, 'documents' | 'reading'>,
  work: Work,
  { documentId, numbers }: { documentId: string; numbers: number[] },
): Promise<void> {
  if (numbers.length > 0) await reading.expect(work, { documentId, numbers, ...(await documents.whose(documentId)) });
}

/** What the agent who leads the call does with what was read. */
export function readDocument(needs: Needs) {
  const { cases, documents, reading, services } = needs;
  const open = async (
    { caller, work }: { caller: StaffCaller; work: Work },
    wish: { caseId: string; documentId: string; page: number },
  ) => {
    await requireInCall(needs, work, { caller, caseId: wish.caseId });
    const page = await reading.lock(work, wish);
    const { caseId, kioskId } = await documents.whose(wish.documentId);
    if (page.caseId !== wish.caseId || caseId !== wish.caseId) throw new Refusal('not-found', 'of another case');
    return { page, kioskId };
  };
  const foundOn = (page: ReadPage, name: SuggestionName): Found => {
    const found = page.found.find((one) => one.name === name);
    if (!found) throw new Refusal('not-found', `${name} was not read there`);
    return found;
  };

  return {
    'reading:accept': async ({ caller, work }, { take, ...wish }) => {
      const { page, kioskId } = await open({ caller, work }, wish);
      const { form } = services.get((await cases.brief(work, wish.caseId)).serviceId);
      const fields: string[] = [];
      for (const { name, seen } of take) {
        const found = foundOn(page, name);
        const field = fieldFor(form, page.kind, name);
        if (!field) throw new Refusal('not-found', `no field asks for ${name}`);
        if (found.check === 'fails') throw new Refusal('invalid-value', `the check digit of ${name} fails`);
        const entry = { name: field.name, value: valueFor(field, found), seen, staffId: caller.id };
        await cases.correct(work, wish.caseId, { ...entry, origin: 'ocr' });
        fields.push(field.name);
      }
      await reading.accepted(work, page, { names: take.map(({ name }) => name), kioskId });
      return { fields };
    },
    'reading:reveal': async ({ caller, work }, { name, reason, ...wish }) => {
      const { page, kioskId } = await open({ caller, work }, wish);
      const { value } = foundOn(page, name);
      await reading.revealed(work, page, { name, reason, kioskId });
      return { value };
    },
  } satisfies Partial<Handlers>;
}

/**
 * Reads pages in the background, one at a time, soon after they have come; what was not read when a process ended is
 * read by the next one.
 */
export function keepReading(
  { clock, documents, reading }: Pick<Parts, 'clock' | 'documents' | 'reading'>,
  works: Works,
  { bus, log, alone }: { bus: Bus; log: Log; alone: boolean },
): { close(): Promise<void> } {
  let closed = false;
  let wanted = false;
  let released = !alone;
  let forgotAt = 0;

  const readOne = async (): Promise<boolean> => {
    const page = await works.bySystem((work) => reading.claim(work));
    if (!page) return false;
    const { kioskId } = await documents.whose(page.documentId);
    const began = performance.now();
    try {
      const found = await reading.read(page.kind, await documents.picture(page.documentId, page.page));
      const ms = Math.round(performance.now() - began);
      await works.bySystem((work) => reading.keep(work, page, { found, kioskId, ms }));
    } catch (error) {
      // Closing ends what is being read; the next start reads it.
      if (closed) return false;
      if (error instanceof FilesAway) {
        // That says nothing of the page.
        await works.bySystem((work) => reading.putOff(work, page));
        throw error;
      }
      log.warn({ documentId: page.documentId, page: page.page, why: (error as Error).message }, 'a page was not read');
      await works.bySystem((work) => reading.failed(work, page, kioskId));
    }
    return true;
  };
  const round = async () => {
    if (!released) await works.bySystem((work) => reading.release(work));
    released = true;
    do wanted = false;
    while (!closed && ((await readOne()) || wanted));
    if (closed || clock() - forgotAt < FORGET_MS) return;
    forgotAt = clock();
    await works.bySystem((work) => reading.forgetBefore(work, work.now - KEEP_MS));
  };

  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  const go = () => {
    wanted = true;
    if (closed || running) return;
    clearTimeout(timer);
    running = round()
      .catch((error: unknown) => {
        if (!closed) log.warn({ err: error }, 'pages could not be read; trying again');
      })
      .then(() => {
        running = null;
        if (!closed) timer = setTimeout(go, LOOK_MS);
      });
  };
  const stopListening = bus.on(({ kind }: Fact) => {
    if (kind === 'document.captured' || kind === 'document.page-taken') go();
  });
  timer = setTimeout(go, 0);

  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      stopListening();
      reading.close();
      await running;
    },
  };
}
