import { z } from 'zod';
import { notice, request } from './define.ts';
import { CaseId, HandoutId, Instant, PaperId } from './ids.ts';

/** What a customer must know to open a link: the last four digits of the phone or of the ID number on the case. */
export const SecondFactor = z.enum(['phone', 'id-number']);
export type SecondFactor = z.infer<typeof SecondFactor>;

/** How a link goes to the customer beside the QR picture. */
export const MessageChannel = z.enum(['sms', 'email']);
export type MessageChannel = z.infer<typeof MessageChannel>;

/** Opens once, 128 random bits; stands behind the # of the address, which no server and no log is told. */
export const HandoutToken = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

/** How a link stands: not opened, opened once and for all, closed after three wrong answers, out of time, or replaced by a newer one. */
export const HandoutAt = z.enum(['open', 'opened', 'locked', 'expired', 'replaced']);
export type HandoutAt = z.infer<typeof HandoutAt>;

/** A link to a case's papers, as the kiosk that made it sees it. */
export const HandoutView = z.object({
  handoutId: HandoutId,
  at: HandoutAt,
  factor: SecondFactor,
  expiresAt: Instant,
  papers: z.number().int(),
  /** How many of them were taken to the customer's device. */
  taken: z.number().int(),
  /** null: it was shown as a QR picture. `to`: the end of the number or address. `simulated`: what a simulated phone received. */
  message: z
    .object({
      channel: MessageChannel,
      to: z.string(),
      state: z.enum(['sending', 'sent', 'failed']),
      why: z.enum(['unanswered', 'refused']).nullable(),
      simulated: z.string().nullable(),
    })
    .nullable(),
});
export type HandoutView = z.infer<typeof HandoutView>;

/** What may be handed out of a case, and how. */
export const HandoutOffer = z.object({
  caseId: CaseId,
  /** null: the case has neither a phone nor an ID number, so nothing goes to a phone. */
  factor: SecondFactor.nullable(),
  channels: z.array(MessageChannel),
  /** The newest link. */
  link: HandoutView.nullable(),
});
export type HandoutOffer = z.infer<typeof HandoutOffer>;

/** What came of printing, as the printer or the customer says: `no-paper` and `jam` only from a printer that can tell. */
export const PrintOutcome = z.enum(['printed', 'no-paper', 'jam', 'not-out']);
export type PrintOutcome = z.infer<typeof PrintOutcome>;

const ofCase = z.object({ caseId: CaseId });

export const handoutRequests = {
  /** The customer comes to what can be taken along: the receipt of what the core did is made into a paper, once. */
  'handout:begin': request({ from: ['kiosk'], stage: 'ready', changes: true, in: ofCase, out: z.object({}) }),
  /**
   * A new link to all sealed papers of the case; the one before no longer opens. `wrong-state`: nothing is sealed, or the
   * case has nothing to prove who opens it.
   */
  'handout:link': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofCase,
    out: z.object({ token: HandoutToken, factor: SecondFactor, expiresInMs: z.number().int() }),
  }),
  /**
   * The same, sent as a message to the number or address on the case. What became of it is in `HandoutView.message`;
   * `wrong-state` where there is no connector or no number.
   */
  'handout:send': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ channel: MessageChannel }),
    out: z.object({}),
  }),
  /** What came of printing these papers; journalled. */
  'handout:printed': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ papers: z.array(PaperId).min(1).max(20), outcome: PrintOutcome }),
    out: z.object({}),
  }),
};

export const handoutNotices = {
  'handout:changed': notice({ to: ['kiosk'], data: z.object({ handout: HandoutOffer.nullable() }) }),
};

/** POST /api/handouts/look: how a link stands, before anything is proved. */
export const HandoutLookIn = z.object({ token: HandoutToken });
export const HandoutLookOut = z.discriminatedUnion('is', [
  z.object({ is: z.literal('asks'), factor: SecondFactor, triesLeft: z.number().int() }),
  z.object({ is: HandoutAt.exclude(['open']) }),
  z.object({ is: z.literal('unknown') }),
]);
export type HandoutLookOut = z.infer<typeof HandoutLookOut>;

/** POST /api/handouts/open: the four digits. `key` opens each paper once, for a quarter of an hour. */
export const HandoutOpenIn = HandoutLookIn.extend({ digits: z.string().regex(/^\d{3}[\dXx]$/) });
export const HandoutOpenOut = z.discriminatedUnion('is', [
  z.object({
    is: z.literal('papers'),
    key: HandoutToken,
    papers: z.array(z.object({ number: z.number().int(), title: z.string() })),
  }),
  z.object({ is: z.literal('wrong'), triesLeft: z.number().int() }),
  z.object({ is: HandoutAt.exclude(['open']) }),
  z.object({ is: z.literal('unknown') }),
]);
export type HandoutOpenOut = z.infer<typeof HandoutOpenOut>;

/** GET and PUT /api/handouts/simulator (administrator, demonstration only): what the simulated message service does. */
export const MessengerBehaviour = z.enum(['usual', 'refusing', 'failing', 'silent']);
export type MessengerBehaviour = z.infer<typeof MessengerBehaviour>;
export const MessengerSimulator = z.strictObject({ behaviour: MessengerBehaviour });
