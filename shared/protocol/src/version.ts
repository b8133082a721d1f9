/** The protocol's version. A client of another version is refused at the handshake with `too-old` or `too-new`. */
export const PROTOCOL_VERSION = 1;
