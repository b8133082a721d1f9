import type { ParticipantId } from '@openvtm/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { CaptionEngine, Ear, HeardWords } from './engine.ts';
import { quietCall, sidesToRead, tidyCaption, viewOf, withCaption, type CallHearing } from './hearing-state.ts';
import type { Hearing, HearingSaid } from './index.ts';

/** ms after which a service that was lost is listened by again. */
const AGAIN_MS = 2_000;

/** `id`: of two ears for one speaker, one after the other, the words are never one caption. */
type Opened = { ear: Ear; id: number };

/** See `Hearing` for each one's contract. */
export function createHearing({ clock, engine }: { clock: Clock; engine: CaptionEngine | null }): Hearing {
  const calls = new Map<string, CallHearing>();
  const ears = new Map<string, Map<ParticipantId, Opened>>();
  /** Until when a call's service is left alone. */
  const resting = new Map<string, number>();
  const onChange = new Set<(callId: string) => void>();
  const onHeard = new Set<(said: HearingSaid) => void>();
  let opened = 0;

  const change = ({ callId, change: part }: HearingSaid) => {
    calls.set(callId, { ...(calls.get(callId) ?? quietCall), ...part });
    for (const handler of onChange) handler(callId);
  };
  /** What only this process knows. */
  const heard = (callId: string, part: Partial<CallHearing>) => {
    change({ callId, change: part });
    for (const handler of onHeard) handler({ callId, change: part });
  };

  const caption = (callId: string, speaker: ParticipantId, { id, words }: { id: number; words: HeardWords }) => {
    const call = calls.get(callId);
    const who = call?.speakers.find(({ staffId }) => staffId === speaker);
    if (!call || (speaker !== 'customer' && !who)) return;
    const text = tidyCaption(words.text);
    if (text === '') return;
    const { lines } = withCaption(call, {
      captionId: `${id}.${words.captionId}`.slice(0, 60),
      speaker,
      role: who?.role ?? 'customer',
      name: who?.name ?? null,
      language: call.language,
      text,
      final: words.final,
      at: clock(),
    });
    heard(callId, { lines });
  };

  const deafen = (callId: string, speaker?: ParticipantId) => {
    const open = ears.get(callId);
    for (const [one, { ear }] of open ?? []) {
      if (speaker !== undefined && one !== speaker) continue;
      ear.close();
      open?.delete(one);
    }
  };

  const listen = (callId: string, speaker: ParticipantId, by: CaptionEngine): Opened => {
    const id = ++opened;
    const language = calls.get(callId)?.language ?? 'zh-CN';
    const ear = by.listen(
      { language },
      {
        open: () => {
          if (calls.get(callId)?.lost) heard(callId, { lost: false });
        },
        words: (words) => caption(callId, speaker, { id, words }),
        lost: () => {
          const mine = ears.get(callId);
          if (mine?.get(speaker)?.id === id) mine.delete(speaker);
          resting.set(callId, clock() + AGAIN_MS);
          if (calls.get(callId)?.lost === false) heard(callId, { lost: true });
        },
      },
    );
    return { ear, id };
  };

  return {
    service: engine && { simulated: engine.simulated },
    of: (callId) => calls.get(callId) ?? null,
    change,
    view: (callId, to) =>
      viewOf(calls.get(callId) ?? quietCall, {
        callId,
        to,
        service: engine && { simulated: engine.simulated },
        now: clock(),
      }),
    sides: (callId) => (engine === null ? [] : sidesToRead(calls.get(callId) ?? quietCall)),
    voice(callId, speaker, sound) {
      const call = calls.get(callId);
      if (engine === null || !call || call.held) return;
      const open = ears.get(callId) ?? new Map<ParticipantId, Opened>();
      ears.set(callId, open);
      let mine = open.get(speaker);
      if (mine === undefined) {
        if ((resting.get(callId) ?? 0) > clock()) return;
        mine = listen(callId, speaker, engine);
        open.set(speaker, mine);
      }
      mine.ear.hear(sound);
    },
    deafen,
    ended(callId) {
      deafen(callId);
      ears.delete(callId);
      resting.delete(callId);
      calls.delete(callId);
    },
    onChange: (handler) => void onChange.add(handler),
    onHeard: (handler) => void onHeard.add(handler),
    close() {
      for (const callId of [...ears.keys()]) deafen(callId);
      ears.clear();
      calls.clear();
      onChange.clear();
      onHeard.clear();
    },
  };
}
