import type { NoticeData } from '@openvtm/protocol';

/** What this module writes its log lines with; pino fits. */
export type Log = {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
};

export type MediaNotice =
  | 'media:consumer'
  | 'media:consumer-closed'
  | 'media:layers'
  | 'media:speech-only'
  | 'media:live'
  | 'media:lost';

/** `secret` is shared with the TURN server, whose credentials it makes for `hours` each. */
export type TurnSettings = { urls: string[]; secret: string; hours: number };

export type MediaSettings = {
  workers: number;
  /** Worker i listens on this address at `basePort` + i, UDP and TCP. */
  listenIp: string;
  basePort: number;
  /** The address that clients reach `listenIp` by, where that is another. */
  announcedAddress: string | null;
  /** How long a silent client keeps its address, 10 to 60 s. */
  iceConsentTimeoutSeconds: number;
  /** The TURN server that clients may go through; null: none. */
  turn: TurnSettings | null;
};

/** Sends a notice to one peer's line, in the order of the calls; `peerId` is the line's subject. */
export type MediaTell = <N extends MediaNotice>(peerId: string, name: N, data: NoticeData<N>) => void;

export type MediaNeeds = {
  log: Log;
  settings: MediaSettings;
  tell: MediaTell;
  clock: () => number;
};
