import { CaseAt, documentsToTake, type AppointmentView, type HandoutOffer, type PaperView } from '@openvtm/protocol';
import { describe, expect, test } from 'vitest';
import {
  aCall,
  aCase,
  aDocument,
  aLocal,
  aSnapshot,
  aTicket,
  caseId,
  otherCaseId,
  service,
} from './samples.test-data.ts';
import { isInCall, listedServices, screenOf, wantsMedia } from './screen.ts';

describe('before there is a case', () => {
  test('a device without an identity is enrolled first, whatever else', () => {
    const local = aLocal({ identity: { at: 'none', problem: 'refused' }, line: { at: 'closed', reason: 'replaced' } });
    expect(screenOf(aSnapshot(), local)).toEqual({ at: 'enrol', problem: 'refused' });
  });

  test('a line closed for good says why', () => {
    const local = aLocal({ line: { at: 'closed', reason: 'replaced' } });
    expect(screenOf(aSnapshot({ case: aCase('alone') }), local)).toEqual({ at: 'closed', reason: 'replaced' });
  });

  test('it is starting until the first snapshot, and says when the network is away', () => {
    expect(screenOf(null, aLocal({ line: { at: 'connecting' } }))).toEqual({ at: 'starting', lost: false });
    expect(screenOf(null, aLocal({ line: { at: 'lost' } }))).toEqual({ at: 'starting', lost: true });
    expect(screenOf(aSnapshot(), aLocal({ identity: { at: 'opening' } })).at).toBe('starting');
  });

  test('welcome, then the listed services in their order', () => {
    expect(screenOf(aSnapshot(), aLocal()).at).toBe('welcome');
    const services = [
      service({ id: 'second', order: 20 }),
      service({ id: 'talk-to-a-teller', listed: false, order: 1 }),
      service({ id: 'first', order: 10 }),
    ];
    expect(screenOf(aSnapshot({ services }), aLocal({ browsing: true }))).toMatchObject({
      at: 'services',
      services: [{ id: 'first' }, { id: 'second' }],
    });
    expect(listedServices(services)).toHaveLength(2);
  });
});

describe('in a case', () => {
  const screenAt = (at: CaseAt, parts: Parameters<typeof aSnapshot>[0] = {}, local = aLocal()) =>
    screenOf(aSnapshot({ case: aCase(at), ...parts }), local);

  test.for([
    ['consent', 'consent'],
    ['alone', 'form'],
    ['waiting', 'waiting'],
    ['serving', 'call'],
    ['confirming', 'confirm'],
    ['confirmed', 'call'],
    ['rating', 'rating'],
    ['closed', 'welcome'],
  ] as const)('%s is shown as %s', ([at, screen]) => {
    expect(screenAt(at).at).toBe(screen);
  });

  test('every state that a case can be in has a screen', () => {
    for (const at of CaseAt.options) expect(screenAt(at).at).toBeTypeOf('string');
  });

  test('a lost line changes nothing of what is on screen', () => {
    expect(screenAt('alone', {}, aLocal({ line: { at: 'lost' } }))).toEqual(screenAt('alone'));
  });

  test('a case outweighs browsing and thanking', () => {
    expect(screenAt('consent', {}, aLocal({ browsing: true, thanking: true })).at).toBe('consent');
  });

  test('the ticket may come later than the case', () => {
    expect(screenAt('waiting')).toMatchObject({ at: 'waiting', ticket: null });
    expect(screenAt('waiting', { ticket: aTicket() })).toMatchObject({ ticket: { position: 1 } });
  });

  test('who wants to be called back enters a number, and sees the kept place once the case is off this kiosk', () => {
    const ticket = aTicket({ choices: ['call-back'] });
    const place = { code: 'ABCD-2345', keptUntil: 9, phone: null };
    expect(screenAt('waiting', { ticket }, aLocal({ callBack: { at: 'number' } }))).toEqual({ at: 'call-back' });
    expect(screenOf(aSnapshot(), aLocal({ callBack: { at: 'kept', place } }))).toEqual({ at: 'kept-place', place });
    expect(screenAt('serving', {}, aLocal({ callBack: { at: 'asking' } })).at).toBe('call');
  });

  test.for(['asked', 'returned'] as const)('a document that is %s is photographed in the call', (at) => {
    const state = at === 'asked' ? { at } : { at, since: 1, reason: 'blurred' as const, note: '' };
    const documents = [aDocument(state)];
    expect(screenAt('serving', { documents, call: aCall() }).at).toBe('capture');
    expect(screenAt('confirmed', { documents, call: aCall() }).at).toBe('capture');
  });

  test('the form is in the place of the large picture while the customer wants it, and a call runs about one', () => {
    const local = aLocal({ sharing: true });
    expect(screenAt('serving', { call: aCall() }, local).at).toBe('sharing');
    expect(screenAt('serving', { call: aCall(), documents: [aDocument({ at: 'asked' })] }, local).at).toBe('capture');
    expect(screenAt('serving', {}, local).at).toBe('call');
    expect(screenAt('confirmed', { call: aCall() }, local).at).toBe('call');
    const bare = service({ form: { ...service().form, ui: { type: 'Categorization', elements: [] } } });
    const without = aSnapshot({ case: aCase('serving', { service: bare }), call: aCall() });
    expect(screenOf(without, local).at).toBe('call');
    expect(isInCall(screenAt('serving', { call: aCall() }, local))).toBe(true);
  });

  test('a sheet that the teller opened is over all else in the call, and gone when the call rests or is over', () => {
    const explaining = {
      sheetId: 'account-fees',
      version: '1',
      openedAt: 1,
      place: null,
      marked: null,
      here: null,
      values: null,
      seen: 0,
    };
    const documents = [aDocument({ at: 'asked' })];
    const screen = screenAt('serving', { call: aCall(), explaining, documents }, aLocal({ sharing: true }));
    expect(screen.at).toBe('explaining');
    expect(isInCall(screen)).toBe(true);
    expect(screenAt('confirmed', { call: aCall(), explaining }).at).toBe('explaining');
    expect(screenAt('serving', { call: { ...aCall(), held: { since: 1 } }, explaining }).at).toBe('call');
    expect(screenAt('serving', { call: null, explaining }).at).toBe('call');
    expect(screenAt('confirming', { call: aCall(), explaining }).at).toBe('confirm');
  });

  test('a document that is asked for is photographed by a customer alone, too', () => {
    const documents = [aDocument({ at: 'asked' })];
    expect(screenAt('alone', { documents })).toMatchObject({ at: 'photograph', document: documents[0] });
    expect(screenAt('alone', { documents: [aDocument({ at: 'captured', since: 1 })] }).at).toBe('form');
  });

  test('nothing is photographed while the call is away, or while the customer confirms', () => {
    const documents = [aDocument({ at: 'asked' })];
    expect(screenAt('serving', { documents }).at).toBe('call');
    expect(screenAt('confirming', { documents, call: aCall() }).at).toBe('confirm');
  });

  test.for(['captured', 'accepted', 'not-at-hand', 'withdrawn'] as const)(
    'a document that is %s is done with',
    (at) => {
      expect(screenAt('serving', { documents: [aDocument({ at, since: 1 })], call: aCall() }).at).toBe('call');
    },
  );

  test('of several documents, the longest asked comes first', () => {
    const documents = [
      aDocument({ at: 'asked' }, { askedAt: 20 }),
      aDocument({ at: 'asked' }, { askedAt: 10, kind: 'passport' }),
    ];
    expect(documentsToTake(documents).map(({ askedAt }) => askedAt)).toEqual([10, 20]);
    expect(screenAt('serving', { documents, call: aCall() })).toMatchObject({ document: { kind: 'passport' } });
  });

  test('only call, capture and confirm keep the teller in the picture', () => {
    const inCall = CaseAt.options.filter((at) => isInCall(screenAt(at, { call: aCall() })));
    expect(inCall).toEqual(['serving', 'confirming', 'confirmed']);
  });
});

describe('when the customer is gone', () => {
  test('nobody sees the case that was left', () => {
    const snapshot = aSnapshot({ case: aCase('alone') });
    expect(screenOf(snapshot, aLocal({ leaving: caseId })).at).toBe('welcome');
    expect(screenOf(snapshot, aLocal({ leaving: otherCaseId })).at).toBe('form');
  });

  test('thanks come after the case, not over the next one', () => {
    expect(screenOf(aSnapshot(), aLocal({ thanking: true })).at).toBe('thanks');
    expect(screenOf(aSnapshot({ case: aCase('consent') }), aLocal({ thanking: true })).at).toBe('consent');
  });
});

describe('media', () => {
  test.for([
    ['consent', false],
    ['alone', false],
    ['waiting', true],
    ['serving', true],
    ['confirming', true],
    ['confirmed', true],
    ['rating', false],
    ['closed', false],
  ] as const)('is held warm at %s: %s', ([at, wanted]) => {
    expect(wantsMedia(aSnapshot({ case: aCase(at) }), null)).toBe(wanted);
  });

  test('stays while a call does, and goes when the customer is gone', () => {
    expect(wantsMedia(aSnapshot({ case: aCase('alone'), call: aCall() }), null)).toBe(true);
    expect(wantsMedia(aSnapshot({ case: aCase('waiting') }), caseId)).toBe(false);
    expect(wantsMedia(null, null)).toBe(false);
  });
});

describe('an appointment', () => {
  const booking = { purpose: 'new', serviceId: null } as const;
  const appointment = (at: AppointmentView['at']) => ({ at }) as AppointmentView;
  const phone = { ...aSnapshot().kiosk, kind: 'phone' as const };

  test('is booked from the first screen, from the form and while waiting, and a call goes first', () => {
    expect(screenOf(aSnapshot(), aLocal({ booking })).at).toBe('book');
    for (const at of ['consent', 'alone', 'waiting'] as const)
      expect(screenOf(aSnapshot({ case: aCase(at) }), aLocal({ booking })).at).toBe('book');
    expect(screenOf(aSnapshot({ case: aCase('serving'), call: aCall() }), aLocal({ booking })).at).toBe('call');
  });

  test('has a screen of its own until its customer is here', () => {
    for (const at of ['booked', 'missed', 'called-off'] as const)
      expect(screenOf(aSnapshot({ appointment: appointment(at) }), aLocal()).at).toBe('appointment');
    expect(screenOf(aSnapshot({ appointment: appointment('arrived') }), aLocal()).at).toBe('welcome');
    expect(screenOf(aSnapshot({ appointment: appointment('arrived'), case: aCase('waiting') }), aLocal()).at).toBe(
      'waiting',
    );
  });

  test('gives way on a phone to what is begun there, and stays on a kiosk until its customer is done', () => {
    const booked = appointment('booked');
    const local = aLocal({ browsing: true });
    expect(screenOf(aSnapshot({ appointment: booked, kiosk: phone }), local).at).toBe('services');
    expect(screenOf(aSnapshot({ appointment: booked }), local).at).toBe('appointment');
  });
});

const aPaper = (state: PaperView['state'], kind: PaperView['kind'] = 'agreement') =>
  ({ paperId: 'p', kind, state }) as PaperView;
const OFFER = { caseId, factor: 'phone', channels: [], link: null } as HandoutOffer;

test('a paper is read and signed once the customer has confirmed, looked at when it is signed, and then the teller is back', () => {
  const at = (state: PaperView['state'], case_ = aCase('confirmed')) =>
    screenOf(aSnapshot({ case: case_, call: aCall(), papers: [aPaper(state)] }), aLocal()).at;
  expect(at({ at: 'made' })).toBe('paper');
  expect(at({ at: 'read', how: 'aloud' })).toBe('paper');
  expect(at({ at: 'signed', since: 1, sha256: 'a' })).toBe('signed');
  expect(at({ at: 'confirmed', since: 1, sha256: 'a', waitsFor: ['agent'] })).toBe('call');
  // The agent changes what was confirmed: nothing is signed meanwhile.
  expect(at({ at: 'read', how: 'scrolled' }, aCase('serving'))).toBe('call');
});

test('what was signed is taken along before the rating, until the customer is done with it', () => {
  const sealed = aPaper({ at: 'sealed', since: 1, sha256: 'a', stampedAt: null });
  const at = (papers: PaperView[], handingOut: boolean | null, handout: HandoutOffer | null = OFFER) =>
    screenOf(aSnapshot({ case: aCase('rating'), papers, handout }), aLocal({ handingOut })).at;
  expect(at([sealed], null)).toBe('handout');
  expect(at([sealed], false)).toBe('rating');
  expect(at([sealed], null, null)).toBe('rating');
  expect(at([aPaper({ at: 'refused', since: 1 })], null)).toBe('rating');
  // A receipt alone is taken along by who asks for it.
  expect(at([], null)).toBe('rating');
  expect(at([], true)).toBe('handout');
});
