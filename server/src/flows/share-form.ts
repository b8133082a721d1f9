import { fieldsOf, type DataClass, type Place } from '@openvtm/protocol';
import type { Bus } from '../kernel/bus.ts';
import { Refusal } from '../kernel/errors.ts';
import type { Caller, Handlers } from '../kernel/handler.ts';
import type { SharedCall, Side } from '../modules/sharing/index.ts';
import type { Parts } from './parts.ts';

const sideOf = ({ kind, id }: Pick<Caller, 'kind' | 'id'>): Side =>
  kind === 'kiosk' ? { kioskId: id } : { staffId: id };

/** Tells the other processes where somebody is in a form: who shares it may have a line there. */
export type SharingRelay = { send(message: { is: 'sharing'; said: unknown }): void };
type Said = { at: Side; place: (Place & { class: DataClass }) | null } | { ask: string; name: string } | { left: Side };

/** What another process tells; it is one of ours, and sends what this file does. */
export function hearSharing({ sharing }: Pick<Parts, 'sharing'>, told: unknown): void {
  const said = told as Said;
  if ('at' in said) sharing.at(said.at, said.place);
  else if ('ask' in said) sharing.ask(said.ask, said.name);
  else sharing.left(said.left);
}

/** Agent and customer at one form in a call: what is typed is seen before it is saved, and kept nowhere. */
export function shareForm(
  { cases, services, sharing }: Pick<Parts, 'cases' | 'services' | 'sharing'>,
  relay: SharingRelay,
) {
  const tell = (said: Said) => relay.send({ is: 'sharing', said });
  const callOf = (caller: Caller, caseId: string): SharedCall => {
    const call = sharing.callOf(sideOf(caller));
    if (!call) throw new Refusal('wrong-state', 'no call is running');
    if (call.caseId !== caseId) throw new Refusal('not-found', 'not in a call about this case');
    return call;
  };
  /** The class of a field of the form that both look at. */
  const classOf = async ({ caseId, kioskId }: SharedCall, name: string): Promise<DataClass> => {
    const open = await cases.openAt(kioskId);
    if (open?.caseId !== caseId || open.at !== 'serving') throw new Refusal('wrong-state', 'the case is not served');
    const field = fieldsOf(services.get(open.serviceId).form).find((one) => one.name === name);
    if (!field) throw new Refusal('not-found', 'no such field');
    return field.class;
  };
  return {
    'sharing:at': async ({ caller }, { caseId, place }) => {
      const call = callOf(caller, caseId);
      const at = place && { ...place, class: await classOf(call, place.name) };
      sharing.at(sideOf(caller), at);
      tell({ at: sideOf(caller), place: at });
      return {};
    },
    'sharing:ask': async ({ caller }, { caseId, name }) => {
      await classOf(callOf(caller, caseId), name);
      sharing.ask(caller.id, name);
      tell({ ask: caller.id, name });
      return {};
    },
  } satisfies Partial<Handlers>;
}

/** Who shares a form follows the committed facts: from the accepted call to its end. */
export function followSharing({ sharing }: Pick<Parts, 'sharing'>, bus: Bus): () => void {
  return bus.onAnywhere(({ kind, about }) => {
    if (kind === 'call.started') sharing.started(about as SharedCall);
    else if (kind === 'call.ended' && about.callId) sharing.ended(about.callId);
    else if (kind === 'call.lead-passed' && about.callId) {
      // The form is shared with who works on the case.
      sharing.ended(about.callId);
      sharing.started(about as SharedCall);
    }
  });
}

/** After a start of the process: the calls that run go on, and their sides tell anew where they are. */
export async function restoreSharing({ calls, sharing }: Pick<Parts, 'calls' | 'sharing'>): Promise<void> {
  for (const { callId, caseId, kioskId, staffId } of await calls.active())
    sharing.started({ callId, caseId, kioskId, staffId });
}

/** A line went or came as another page: who was at a field is there no more. */
export function leaveForm(
  { sharing }: Pick<Parts, 'sharing'>,
  relay: SharingRelay,
  caller: Pick<Caller, 'kind' | 'id'>,
): void {
  sharing.left(sideOf(caller));
  relay.send({ is: 'sharing', said: { left: sideOf(caller) } satisfies Said });
}
