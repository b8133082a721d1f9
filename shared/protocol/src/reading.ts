import { z } from 'zod';
import { RevealReason, Revision } from './cases.ts';
import { notice, request } from './define.ts';
import { CaseId, DocumentId, Instant } from './ids.ts';
import type { DocumentKind } from './services.ts';
import { DataClass } from './texts.ts';

/** What can be read on a page of a known kind. Days as `2026-11-25`, or `长期` for an end that never comes; a card's end as `09/31`. */
export const SuggestionName = z.enum([
  'name',
  'latinName',
  'sex',
  'ethnicity',
  'birthDate',
  'address',
  'idNumber',
  'authority',
  'validFrom',
  'validTo',
  'validThru',
  'passportNumber',
  'nationality',
  'cardNumber',
  'creditCode',
  'companyName',
  'legalRepresentative',
]);
export type SuggestionName = z.infer<typeof SuggestionName>;

/** What is looked for on each kind of page; a kind without an entry is not read. */
export const READ_ON: Partial<Record<DocumentKind, readonly SuggestionName[]>> = {
  'id-card-front': ['name', 'sex', 'ethnicity', 'birthDate', 'address', 'idNumber'],
  'id-card-back': ['authority', 'validFrom', 'validTo'],
  passport: ['name', 'latinName', 'sex', 'birthDate', 'passportNumber', 'nationality', 'validTo'],
  'bank-card': ['cardNumber', 'validThru'],
  'business-licence': ['creditCode', 'companyName', 'legalRepresentative'],
};

const C2: ReadonlySet<SuggestionName> = new Set(['idNumber', 'passportNumber', 'cardNumber']);
/** The class of what is read, where no field of the form says another. */
export const suggestionClass = (name: SuggestionName): DataClass => (C2.has(name) ? 'C2' : 'C1');

/** A place on a page, in pixels of the picture that is shown first. */
export const Box = z.object({
  left: z.number().int(),
  top: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
});
export type Box = z.infer<typeof Box>;

/** Something read on a page; never part of the case before the agent accepts it and the customer agrees. */
export const Suggestion = z.object({
  name: SuggestionName,
  class: DataClass,
  /** Masked where its class is C2 and it was not revealed. */
  shown: z.string(),
  masked: z.boolean(),
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  box: Box,
  /** Its check digit or, of a birth day and sex, the ID number beside it; null: there is none to check. */
  check: z.enum(['holds', 'fails']).nullable(),
  /** The form's field that it goes into; null: the service asks for no such thing. */
  field: z.string().nullable(),
  /** Beside what stands in that field. */
  compared: z.enum(['matches', 'differs', 'empty']).nullable(),
  /** The agent put it into the form. */
  accepted: z.boolean(),
});
export type Suggestion = z.infer<typeof Suggestion>;

/** What was read on one page. `unreadable`: nothing of its kind was found on it. */
export const ReadingView = z.object({
  documentId: DocumentId,
  page: z.number().int().min(1),
  at: z.enum(['waiting', 'read', 'unreadable']),
  since: Instant,
  suggestions: z.array(Suggestion),
  /** Looked for and not found. */
  missing: z.array(SuggestionName),
});
export type ReadingView = z.infer<typeof ReadingView>;

const ofPage = z.object({ caseId: CaseId, documentId: DocumentId, page: z.number().int().min(1) });

export const readingRequests = {
  /**
   * Puts what was read into the form, as a correction that the customer is asked about. `seen`: the field's revision on
   * screen (0: it was empty); `conflict` if there is a newer one. `invalid-value` if it does not fit the field, or its
   * check digit fails; `not-found` if nothing was read or no field asks for it. All are put in, or none.
   */
  'reading:accept': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofPage.extend({
      take: z
        .array(z.object({ name: SuggestionName, seen: Revision }))
        .min(1)
        .max(20),
    }),
    out: z.object({ fields: z.array(z.string()) }),
  }),
  /** Shows one masked suggestion to the agent of the running call; journalled with the reason. */
  'reading:reveal': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofPage.extend({ name: SuggestionName, reason: RevealReason }),
    out: z.object({ value: z.string() }),
  }),
};

export const readingNotices = {
  'reading:changed': notice({
    to: ['agent', 'branch-staff', 'supervisor'],
    data: z.object({ readings: z.array(ReadingView) }),
  }),
};
