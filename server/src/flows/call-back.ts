import type { CallBackView, TicketId } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers } from '../kernel/handler.ts';
import type { Works } from '../kernel/work.ts';
import { keptUntil } from '../modules/callbacks/index.ts';
import type { Parts } from './parts.ts';
import { putBy } from './put-by.ts';

/**
 * Who would have to wait too long goes away and is called when the turn comes: the ticket keeps its place, the case is
 * put by, and a code brings both back at a kiosk of the branch.
 */
export function callBack(needs: Pick<Parts, 'callbacks' | 'cases' | 'documents' | 'handovers' | 'queue' | 'services'>) {
  const { callbacks, cases, handovers, queue, services } = needs;
  return {
    'queue:call-back': async ({ caller, work }, { caseId, phone }) => {
      const { at } = await cases.ofKiosk(work, caller.id, caseId);
      const ticket = at === 'waiting' ? await queue.ticketView(caller.id, work.tx) : null;
      if (!ticket?.choices.includes('call-back'))
        throw new Refusal('wrong-state', 'nobody is called back from here now');
      const { ticketId, shut } = ticket;
      const until = keptUntil(work.now, shut?.is === 'closed' ? shut.opensAt : null);
      await queue.callBack(work, { caseId, until });
      await cases.leaveQueue(work, caseId);
      const { branchId } = caller;
      const { code } = await handovers.offer(work, {
        caseId,
        kioskId: caller.id,
        branchId,
        purpose: 'continue',
        expiresAt: until,
      });
      await putBy(needs, work, { caseId, under: ticketId });
      await callbacks.ask(work, { ticketId, caseId, branchId, phone, until });
      return { code, keptUntil: until };
    },
    'queue:call-backs': async ({ caller }) => {
      const asked = await callbacks.ofBranch(caller.branchId);
      const kept = await queue.callBacks(caller.branchId);
      return {
        callBacks: kept.flatMap((ticket): CallBackView[] => {
          const found = asked.get(ticket.ticketId);
          if (!found) return [];
          const { language, joinedAt, keptUntil: until, ahead, due } = ticket;
          return [
            {
              ticketId: ticket.ticketId as TicketId,
              service: services.get(ticket.serviceId).title,
              phone: found.phone.open(),
              language,
              joinedAt,
              keptUntil: until,
              ahead,
              due,
              calledAt: found.calledAt,
              reached: found.reached,
            },
          ];
        }),
      };
    },
    'queue:called-back': async ({ caller, work }, call) => {
      await callbacks.called(work, { staffId: caller.id, branchId: caller.branchId }, call);
      return {};
    },
  } satisfies Partial<Handlers>;
}

/** Places are kept for their time and no longer: who has not come back by then is not waited for, and not called. */
export async function expireCallBacks(
  { callbacks, cases, documents, kiosks, queue }: Pick<Parts, 'callbacks' | 'cases' | 'documents' | 'kiosks' | 'queue'>,
  works: Works,
): Promise<void> {
  await works.bySystem(async (work) => {
    for (const caseId of await queue.expireCallBacks(work)) {
      await callbacks.expire(work, caseId);
      const { kioskId } = await cases.brief(work, caseId);
      // Who is back without having joined, or took it along on a phone, has lost the place and nothing else.
      if (await kiosks.view(kioskId)) continue;
      await documents.withdrawOpen(work, caseId);
      await cases.close(work, caseId, 'idle');
    }
  });
}

/** A case may have been given up on its customer's phone: its number is nobody's business any more. */
export async function forgetNumbers(
  { callbacks, cases }: Pick<Parts, 'callbacks' | 'cases'>,
  works: Works,
): Promise<void> {
  for (const caseId of await callbacks.asked())
    if ((await cases.kioskOf(caseId)) === null) await works.bySystem((work) => callbacks.end(work, caseId));
}
