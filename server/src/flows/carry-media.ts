import type { In, Out, Source } from '@openvtm/protocol';
import type { Caller, Handlers } from '../kernel/handler.ts';
import type { Works } from '../kernel/work.ts';
import type { CallBrief } from '../modules/calls/index.ts';
import { mayProduce, stopsProducing } from './gate-media.ts';
import type { MediaHome, MediaVerb } from './media-home.ts';
import type { Parts } from './parts.ts';

type MediaRequest =
  | 'media:join'
  | 'media:connect'
  | 'media:produce'
  | 'media:unproduce'
  | 'media:receive'
  | 'media:resume'
  | 'media:fit'
  | 'media:pictures'
  | 'media:restart-ice';

/** A line's own media requests: each reaches only the peer of the line that asks, wherever its media are. */
export function carryMedia(needs: Pick<Parts, 'calls' | 'documents'>, works: Works, home: MediaHome) {
  /** What is not opened with the call is noted when it begins and when it ends. */
  const record = async (caller: Caller, call: CallBrief | null, { source, on }: { source: Source; on: boolean }) => {
    if (call === null) return;
    const { callId, caseId, kioskId, staffId } = call;
    const by = caller.kind === 'staff' ? { participantId: caller.id } : {};
    const shown = source === 'screen' ? 'screen' : 'document-camera';
    await works.change({ kind: caller.kind, id: caller.id }, async (work) => {
      work.record({
        kind: `call.${shown}-${on ? 'shown' : 'closed'}`,
        about: { callId, caseId, kioskId, staffId, ...by },
      });
    });
  };
  const to =
    <N extends MediaRequest>(name: MediaVerb) =>
    async ({ caller }: { caller: Caller }, data: In<N>) =>
      (await home.ask(caller, name, data)) as Out<N>;
  return {
    'media:join': to<'media:join'>('join'),
    'media:connect': to<'media:connect'>('connect'),
    'media:produce': async (ask: { caller: Caller }, data: In<'media:produce'>) => {
      const call = await mayProduce(needs, ask.caller, data.source);
      const answer = await to<'media:produce'>('produce')(ask, data);
      await record(ask.caller, call, { source: data.source, on: true });
      return answer;
    },
    'media:unproduce': async (ask: { caller: Caller }, data: In<'media:unproduce'>) => {
      const answer = await to<'media:unproduce'>('unproduce')(ask, data);
      const call = await stopsProducing(needs, ask.caller, data.source);
      await record(ask.caller, call, { source: data.source, on: false });
      return answer;
    },
    'media:receive': to<'media:receive'>('receive'),
    'media:resume': to<'media:resume'>('resume'),
    'media:fit': to<'media:fit'>('fit'),
    'media:pictures': to<'media:pictures'>('pictures'),
    'media:restart-ice': to<'media:restart-ice'>('restartIce'),
  } satisfies Partial<Handlers>;
}
