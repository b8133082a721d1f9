import type { QualitySample } from '@openvtm/protocol';

/** What the score of five seconds is made of. */
export type Measured = Omit<QualitySample, 'slot' | 'kbpsIn' | 'kbpsOut' | 'width'>;

/**
 * ITU-T G.107: with all its default values the transmission rating is 93.2, before what delay and loss take from it.
 */
const R_DEFAULT = 93.2;
/**
 * How well lost packets are made up for (ITU-T G.113, Appendix I): that of G.711 with concealment, since Opus is not in
 * the table; with its forward error correction it does not do worse.
 */
const LOSS_ROBUSTNESS = 25.1;
/** ms from mouth to ear beside the network: a packet of 20 ms, its look-ahead of 6.5 ms (RFC 6716), sound card and playing. */
const DEVICE_DELAY_MS = 50;
/** ms of one way after which people notice that they talk over each other (Cole and Rosenbluth 2001, after G.107). */
const NOTICED_DELAY_MS = 177.3;

/** From a transmission rating to a mean opinion score, 1 to 4.5 (ITU-T G.107, Annex B). Pure. */
export function opinionOf(rating: number): number {
  if (rating <= 0) return 1;
  if (rating >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}

/**
 * How good speech is, as a simplified E-model (ITU-T G.107) in the form of Cole and Rosenbluth: what delay takes is
 * linear up to 177 ms of one way and steeper beyond, what loss takes follows G.107's equipment impairment. `loss` is in
 * percent, after what the receiver made up for itself. Pure.
 */
export function soundScore({
  loss,
  roundTripMs,
  jitterMs,
}: {
  loss: number;
  roundTripMs: number;
  jitterMs: number;
}): number {
  // A jitter buffer holds about twice the jitter.
  const delay = roundTripMs / 2 + 2 * jitterMs + DEVICE_DELAY_MS;
  const byDelay = 0.024 * delay + 0.11 * Math.max(0, delay - NOTICED_DELAY_MS);
  const byLoss = 95 * (loss / (loss + LOSS_ROBUSTNESS));
  return opinionOf(R_DEFAULT - byDelay - byLoss);
}

/** The best that a picture can add to 1, so that a faultless one counts as much as faultless sound. */
const PICTURE_RANGE = 3.4;
/** Percent of the time standing still by which a picture loses two thirds of its worth. */
const FROZEN_SCALE = 15;
/** The placeholder in place of a camera that is off comes 8 times a second, and is no fault. */
const ENOUGH_FRAMES = 8;
const ENOUGH_LINES = 480;

/**
 * How good the picture is, in the form of ITU-T G.1070: what the coding gives, by frame rate and size, times what the
 * transmission leaves of it. G.1070 counts lost packets; here it is the time that the picture stood still, which is what
 * is left of loss after packets were sent again. Pure.
 */
export function pictureScore({
  frozenPercent,
  frames,
  height,
}: {
  frozenPercent: number;
  frames: number;
  height: number;
}): number {
  const byFrames = Math.min(1, frames / ENOUGH_FRAMES);
  const bySize = Math.min(1, 0.5 + height / (2 * ENOUGH_LINES));
  return 1 + PICTURE_RANGE * byFrames * bySize * Math.exp(-frozenPercent / FROZEN_SCALE);
}

/**
 * Five seconds of a side as one score, 1.0 to 5.0: the mean of sound, picture, and the worse of both, for who can't be
 * heard is not helped by a good picture. null: nothing came or went that could be judged, as on hold. Pure.
 */
export function scoreOf(one: Measured, slotMs: number): number | null {
  if (one.cut) return 1;
  // What is made up is what is heard of loss; what goes out is heard on the other side.
  const heard = one.concealed ?? one.lossIn;
  const loss = heard === null && one.lossOut === null ? null : Math.max(heard ?? 0, one.lossOut ?? 0);
  const sound =
    loss === null || heard === null
      ? null
      : soundScore({ loss, roundTripMs: one.roundTripMs ?? 0, jitterMs: one.jitterMs ?? 0 });
  const picture =
    one.framesPerSecond === null
      ? null
      : pictureScore({
          frozenPercent: (100 * (one.frozenMs ?? 0)) / slotMs,
          frames: one.framesPerSecond,
          height: one.height ?? 0,
        });
  if (sound === null || picture === null) return sound ?? picture;
  return (sound + picture + Math.min(sound, picture)) / 3;
}
