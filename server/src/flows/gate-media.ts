import { documentsToTake, type Source } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Caller } from '../kernel/handler.ts';
import type { CallBrief } from '../modules/calls/index.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'calls' | 'documents'>;

/** The call of somebody of the staff who is in one. */
const callOf = async ({ calls }: Needs, staffId: string) =>
  (await calls.activeOf({ staffId })) ?? (await calls.attendedBy(staffId))[0] ?? null;

/**
 * The call in which a line may send what is not opened with one: a window of the staff's, the document camera of a kiosk
 * whose customer has a page to take. `not-allowed` otherwise. null: camera and microphone, which join ahead of calls.
 */
export async function mayProduce(needs: Needs, caller: Caller, source: Source): Promise<CallBrief | null> {
  if (source === 'screen') {
    const call = caller.kind === 'staff' ? await callOf(needs, caller.id) : null;
    if (!call) throw new Refusal('not-allowed', 'a window is shown by staff, in a call');
    return call;
  }
  if (source !== 'document') return null;
  const call = caller.kind === 'kiosk' ? await needs.calls.activeOf({ kioskId: caller.id }) : null;
  // The face camera is seen all along; a page that is taken with it needs no second picture.
  const isAsked =
    call !== null && documentsToTake(await needs.documents.ofCase(call.caseId)).some(({ camera }) => camera !== 'face');
  if (!call || call.heldAt !== null || !isAsked)
    throw new Refusal('not-allowed', 'the document camera is shown by a kiosk, in a call that asks for a page');
  return call;
}

/** The call in which a line stops sending such a source; null: none any more, or another source. */
export async function stopsProducing(needs: Needs, caller: Caller, source: Source): Promise<CallBrief | null> {
  if (source === 'screen' && caller.kind === 'staff') return callOf(needs, caller.id);
  if (source === 'document' && caller.kind === 'kiosk') return needs.calls.activeOf({ kioskId: caller.id });
  return null;
}
