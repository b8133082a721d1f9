import type { NoticeData } from '@openvtm/protocol';
import type { Far, FarAsk } from './edge/far.ts';
import type { createLines } from './edge/lines.ts';
import type { CallMedia } from './flows/follow-calls.ts';
import type { FarMedia, MediaHome } from './flows/media-home.ts';

/** What this process, whose address is `via`, asks others for about media. */
export const askOthers = (far: Far, via: string): FarMedia => ({
  ask: (address, ask) => far.ask(address, { is: 'media', via, ...ask }),
  tell: (address, told) => far.tell(address, { is: 'tell', ...told }),
  look: (address, callId) => far.ask(address, { is: 'room', callId }),
});

/** What another process asks this one for. */
export async function answerOther(
  asked: FarAsk,
  { callMedia, home, lines }: { callMedia: CallMedia; home: MediaHome; lines: ReturnType<typeof createLines> },
): Promise<unknown> {
  if (asked.is === 'media') return home.answer(asked);
  if (asked.is === 'room') return callMedia.look(asked.callId);
  lines.of(asked.subject)?.send(asked.name as 'media:lost', asked.data as NoticeData<'media:lost'>);
  return null;
}
