import {
  MAX_CAPTION_TEXT,
  SHOWN_CAPTIONS,
  SPEAK_UP_MS,
  type CallId,
  type Caption,
  type HearingView,
  type Language,
  type ParticipantId,
  type ParticipantRole,
} from '@openvtm/protocol';

export type HearingSide = 'customer' | 'staff';
/** Who of the staff speaks to everybody in a call; the one who leads it first. */
export type Speaker = { staffId: string; role: ParticipantRole; name: string };

/** What is known of a running call. */
export type CallHearing = {
  readonly kioskId: string;
  readonly speakers: readonly Speaker[];
  readonly language: Language;
  readonly wants: Readonly<Record<HearingSide, boolean>>;
  /** The customer is on hold: nobody is read. */
  readonly held: boolean;
  readonly lost: boolean;
  readonly lines: readonly Caption[];
  readonly speakUpAt: number | null;
};
export const quietCall: CallHearing = {
  kioskId: '',
  speakers: [],
  language: 'zh-CN',
  wants: { customer: false, staff: false },
  held: false,
  lost: false,
  lines: [],
  speakUpAt: null,
};

/** Enough for each side's few lines. */
const KEPT = 4 * SHOWN_CAPTIONS;
// All control characters, and what turns the direction of the words around it.
const UNSEEN = /\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Words of a service as a screen may show them; of very many the last, for they are what is being said. Pure. */
export function tidyCaption(text: string): string {
  const letters = [...text.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim()];
  return letters.length <= MAX_CAPTION_TEXT ? letters.join('') : `…${letters.slice(1 - MAX_CAPTION_TEXT).join('')}`;
}

/** The call with a caption more, or with one that goes on. Pure. */
export function withCaption(call: CallHearing, caption: Caption): CallHearing {
  const at = call.lines.findIndex(
    ({ captionId, speaker }) => captionId === caption.captionId && speaker === caption.speaker,
  );
  const begun = call.lines[at];
  const lines = begun ? call.lines.with(at, { ...caption, at: begun.at }) : [...call.lines, caption];
  return { ...call, lines: lines.slice(-KEPT) };
}

/** Whose voices are to be read: those whom a side that wants captions hears. Pure. */
export function sidesToRead({ held, wants, speakers }: CallHearing): HearingSide[] {
  if (held) return [];
  const staff = wants.customer || (wants.staff && speakers.length > 1);
  return [...(wants.staff ? (['customer'] as const) : []), ...(staff ? (['staff'] as const) : [])];
}

/** The call as one of its participants sees it: what others said, for a side that asked for it. Pure. */
export function viewOf(
  call: CallHearing,
  of: { callId: CallId; to: ParticipantId; service: { simulated: boolean } | null; now: number },
): HearingView {
  const side = of.to === 'customer' ? 'customer' : 'staff';
  const wanted = call.wants[side];
  const lines = wanted ? call.lines.filter(({ speaker }) => speaker !== of.to).slice(-SHOWN_CAPTIONS) : [];
  const asked = call.speakUpAt;
  return {
    callId: of.callId,
    captions: of.service && {
      state: wanted ? (call.lost ? 'lost' : 'on') : 'off',
      read: sidesToRead(call).includes(side),
      simulated: of.service.simulated,
      lines,
    },
    speakUpAt: asked !== null && of.now - asked < SPEAK_UP_MS ? asked : null,
  };
}
