const FIXED_HEADER = 12;
const ONE_BYTE_EXTENSIONS = 0xbede;
const SILENCE = -127;

/** What of an RTP packet (RFC 3550) a listener needs. */
export type Heard = {
  payload: Buffer;
  /** dB below the loudest there can be, 0 to -127, as the sender measured it (RFC 6464); -127 where it says nothing. */
  level: number;
};

/** Takes a packet apart; `levelId`: the extension that carries the level, null: none. null: no packet, or an empty one. Pure. */
export function readRtp(packet: Buffer, { levelId }: { levelId: number | null }): Heard | null {
  if (packet.length < FIXED_HEADER || packet.readUInt8(0) >> 6 !== 2) return null;
  const first = packet.readUInt8(0);
  let at = FIXED_HEADER + 4 * (first & 0x0f);
  let level = SILENCE;
  if ((first & 0x10) !== 0) {
    if (packet.length < at + 4) return null;
    const end = at + 4 + 4 * packet.readUInt16BE(at + 2);
    if (packet.length < end) return null;
    if (packet.readUInt16BE(at) === ONE_BYTE_EXTENSIONS && levelId !== null)
      level = levelIn(packet.subarray(at + 4, end), levelId);
    at = end;
  }
  const padding = (first & 0x20) === 0 ? 0 : packet.readUInt8(packet.length - 1);
  const end = packet.length - padding;
  return end > at ? { payload: packet.subarray(at, end), level } : null;
}

function levelIn(extensions: Buffer, levelId: number): number {
  let at = 0;
  while (at < extensions.length) {
    const head = extensions.readUInt8(at);
    at += 1;
    // Padding between the extensions.
    if (head === 0) continue;
    if (head >> 4 === levelId && at < extensions.length) return -(extensions.readUInt8(at) & 0x7f);
    at += (head & 0x0f) + 1;
  }
  return SILENCE;
}
