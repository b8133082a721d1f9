import type { ChatMessage, ChatTo, ChatView, CallId, ParticipantRole } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Caller, Handlers } from '../kernel/handler.ts';
import type { Work, Works } from '../kernel/work.ts';
import type { CallBrief } from '../modules/calls/index.ts';
import type { KeptMessages, Reader } from '../modules/chat/index.ts';
import { callAtDesk } from './call-at-desk.ts';
import type { Parts } from './parts.ts';
import { requireInCall } from './serve-case.ts';

type Needs = Pick<Parts, 'calls' | 'cases' | 'chat' | 'queue' | 'staff'>;

/** How somebody takes part in a call, as far as words go. `to` null: they listen, and say nothing. */
type Part = { call: CallBrief; role: ParticipantRole; staffId: string | null; to: ChatTo | null };

const readerOf = ({ kind, id }: Pick<Caller, 'kind' | 'id'>): Reader =>
  kind === 'kiosk' ? { customer: true } : { staffId: id };
const TO = { joined: 'everybody', whispering: 'agent', listening: null } as const;

/** The caller's part in this running call. `not-found`: in no such call; `wrong-state`: it is over. */
async function partIn(
  { calls }: Pick<Parts, 'calls'>,
  { caller, work }: { caller: Pick<Caller, 'kind' | 'id'>; work: Work },
  callId: string,
): Promise<Part> {
  const who = caller.kind === 'kiosk' ? { kioskId: caller.id } : { staffId: caller.id };
  const own = await calls.activeIn(work, who);
  if (own?.callId === callId) {
    const [role, staffId] = caller.kind === 'kiosk' ? (['customer', null] as const) : (['agent', caller.id] as const);
    return { call: own, role, staffId, to: 'everybody' };
  }
  if (caller.kind === 'staff') {
    const stay = await calls.attendantIn(work, callId, caller.id);
    const call = stay && (await calls.byId(callId));
    if (call) return { call, role: stay.role, staffId: caller.id, to: TO[stay.mode] };
  }
  await calls.of(work, who, callId);
  throw new Refusal('wrong-state', 'the call is over');
}

/** What is kept, as one of those who may read it sees it. */
async function shown(
  { staff }: Pick<Parts, 'staff'>,
  { messages, earlier }: KeptMessages,
  to: Reader,
): Promise<{ messages: ChatMessage[]; earlier: number }> {
  const names = await staff.names([...new Set(messages.flatMap(({ staffId }) => staffId ?? []))]);
  const me = 'customer' in to ? null : to.staffId;
  return {
    earlier,
    messages: messages.map(({ messageId, callId, writtenAt, role, staffId, whispered, body, state }) => ({
      messageId,
      callId: callId as CallId,
      writtenAt,
      by: role,
      name: staffId === null ? null : (names.get(staffId) ?? ''),
      mine: staffId === me,
      to: whispered ? 'agent' : 'everybody',
      body,
      state,
    })),
  };
}

/**
 * Words beside the picture, of those who take part in a call: who joined writes to everybody, who whispers to the agent
 * alone, who listens to nobody.
 */
export function writeChat(needs: Needs, works: Works) {
  const { calls, cases, chat } = needs;
  return {
    'chat:write': async ({ caller, work }, { callId, messageId, to, body }) => {
      const part = await partIn(needs, { caller, work }, callId);
      // How somebody takes part may have changed while they wrote: words go where their writer saw them go, or nowhere.
      if (part.to !== to) throw new Refusal('wrong-state', 'these words would go elsewhere');
      const by = { role: part.role, staffId: part.staffId, whispers: to === 'agent' };
      await chat.write(work, part.call, { messageId, by, wish: body });
      return {};
    },
    'chat:mark': async ({ caller, work }, { callId, messageId, how }) => {
      const { call, role } = await partIn(needs, { caller, work }, callId);
      if (role !== 'customer' && role !== 'agent') throw new Refusal('not-found', 'not of one of the two sides');
      await chat.mark(work, call, { by: readerOf(caller), messageId, how });
      return {};
    },
    'chat:phrases': async () => chat.phrases,
    'chat:earlier': async ({ caller }, { caseId, before }) => {
      const call =
        caller.kind === 'kiosk' ? await calls.activeOf({ kioskId: caller.id }) : await callAtDesk(needs, caller.id);
      if (call?.caseId !== caseId) throw new Refusal('not-found', 'not the case on the screen');
      const to = readerOf(caller);
      return shown(needs, await chat.read(caseId, { to, before }), to);
    },
    'chat:past': async ({ caller }, { caseId, pastCaseId, before }) => {
      await works.change({ kind: caller.kind, id: caller.id }, async (work) => {
        await requireInCall(needs, work, { caller, caseId });
        const { customerId, proved } = await cases.atBank(work, caseId);
        if (!proved || customerId === null) throw new Refusal('wrong-state', 'it is not proved who the customer is');
        const past = await cases.pastOf(customerId, caseId);
        if (!past.some((one) => one.caseId === pastCaseId)) throw new Refusal('not-found', 'not of this customer');
        work.record({ kind: 'chat.looked-up', about: { caseId }, data: { pastCase: pastCaseId } });
      });
      const to = readerOf(caller);
      return shown(needs, await chat.read(pastCaseId, { to, before }), to);
    },
  } satisfies Partial<Handlers>;
}

/** What the customer in a call has written and was written; null: no call. */
export async function kioskChat(needs: Needs, kioskId: string): Promise<ChatView | null> {
  const call = await needs.calls.activeOf({ kioskId });
  if (!call) return null;
  const to: Reader = { customer: true };
  const [kept, unread] = await Promise.all([
    needs.chat.read(call.caseId, { to, before: null }),
    needs.chat.unread(call.caseId, to),
  ]);
  return {
    caseId: call.caseId,
    callId: call.callId,
    mayWriteTo: 'everybody',
    unread,
    ...(await shown(needs, kept, to)),
  };
}

/** What was written about the case on a desk; after the call it can be read, and nothing is added. */
export async function deskChat(needs: Needs, staffId: string): Promise<ChatView | null> {
  const { calls, chat } = needs;
  const call = await callAtDesk(needs, staffId);
  if (!call) return null;
  const to: Reader = { staffId };
  const leads = (await calls.activeOf({ staffId }))?.callId === call.callId;
  const stay = leads ? null : (await calls.attendants([call.callId])).find((one) => one.staffId === staffId);
  const [kept, unread] = await Promise.all([
    chat.read(call.caseId, { to, before: null }),
    leads ? chat.unread(call.caseId, to) : 0,
  ]);
  return {
    caseId: call.caseId,
    callId: call.callId,
    mayWriteTo: leads ? 'everybody' : stay ? TO[stay.mode] : null,
    unread,
    ...(await shown(needs, kept, to)),
  };
}
