import type { CallView, DocumentView, KioskCase, KioskSnapshot, TicketView } from '@openvtm/protocol';
import { CaseId, CaseService } from '@openvtm/protocol';
import type { Local } from './screen.ts';

// What the unit tests of the journey are told by.
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const text = (words: string) => ({ 'zh-CN': words, en: words });

export const caseId = CaseId.parse(id(1));
export const otherCaseId = CaseId.parse(id(2));

const control = (name: string) => ({ type: 'Control', scope: `#/properties/${name}` });

export const service = (change: Record<string, unknown> = {}): CaseService =>
  CaseService.parse({
    id: 'replace-lost-card',
    listed: true,
    order: 1,
    icon: 'card',
    title: text('card'),
    summary: text('card'),
    minutes: 5,
    consent: { version: '1', text: text('consent') },
    category: 'cards',
    audience: 'personal',
    where: ['agent'],
    keywords: { 'zh-CN': [], en: [] },
    form: {
      schema: {
        type: 'object',
        properties: {
          fullName: { type: 'string', format: 'name', label: text('name'), class: 'C1' },
          phone: { type: 'string', format: 'phone', label: text('phone'), class: 'C2' },
          note: { type: 'string', label: text('note'), class: 'C1' },
        },
        required: ['fullName', 'phone'],
      },
      ui: {
        type: 'Categorization',
        elements: [{ type: 'Category', label: text('page'), elements: ['fullName', 'phone', 'note'].map(control) }],
      },
    },
    ...change,
  });

export const aCase = (at: KioskCase['at'], change: Partial<KioskCase> = {}): KioskCase => ({
  caseId,
  at,
  service: service(),
  step:
    at === 'alone'
      ? { kind: 'form', id: 'form', title: null, fields: ['fullName', 'phone', 'note'], known: false }
      : null,
  way: { done: 0, all: 1 },
  calledBy: null,
  after: 'agent',
  language: 'zh-CN',
  print: 'normal',
  consented: at !== 'consent',
  values: [],
  summary: null,
  receipt: null,
  ...change,
});

export const aCall = (): CallView => ({
  callId: id(3) as CallView['callId'],
  caseId,
  startedAt: 1,
  held: null,
  participants: [],
  invitations: [],
  passedOn: null,
  supervised: false,
  until: null,
  escalated: null,
});

export const aTicket = (change: Partial<TicketView> = {}): TicketView => ({
  ticketId: id(4) as TicketView['ticketId'],
  caseId,
  joinedAt: 1,
  at: 'waiting',
  position: 1,
  queue: text('queue'),
  wait: null,
  shut: null,
  overdue: false,
  choices: [],
  booked: null,
  passedOn: false,
  passedTo: null,
  ...change,
});

export const aDocument = (state: DocumentView['state'], change: Partial<DocumentView> = {}): DocumentView => ({
  documentId: id(5) as DocumentView['documentId'],
  caseId,
  kind: 'id-card-front',
  camera: 'document',
  askedAt: 1,
  state,
  pages: [],
  arriving: null,
  ...change,
});

export const aSnapshot = (parts: Partial<KioskSnapshot> = {}): KioskSnapshot => ({
  now: 1,
  demo: false,
  kiosk: {
    kioskId: id(9) as KioskSnapshot['kiosk']['kioskId'],
    name: '1',
    kind: 'floor',
    branchId: id(8),
    branch: text('branch'),
    readers: { idCard: 'none', bankCard: 'none' },
    printer: 'none',
  },
  typing: 'always',
  cleanSound: false,
  services: [service()],
  case: null,
  ticket: null,
  call: null,
  chat: null,
  documents: [],
  papers: [],
  handout: null,
  annotations: { shown: null, layers: [] },
  drawing: null,
  help: null,
  followed: null,
  appointment: null,
  sharing: null,
  explaining: null,
  selfTest: null,
  recall: null,
  hearing: null,
  ...parts,
});

export const aLocal = (parts: Partial<Local> = {}): Local => ({
  identity: { at: 'known' },
  line: { at: 'live' },
  browsing: false,
  entering: false,
  booking: null,
  callBack: null,
  sentAhead: null,
  thanking: false,
  leaving: null,
  sharing: false,
  chatting: false,
  handingOut: null,
  ...parts,
});
