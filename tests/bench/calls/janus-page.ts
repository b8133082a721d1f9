type Jsep = { type: RTCSdpType; sdp: string };
/** What Janus sends: an answer has the transaction of what it answers, and so has the event that an `ack` announced. */
type Message = {
  janus: string;
  transaction?: string;
  data?: { id: number };
  plugindata?: { data: { error?: string } };
  error?: { reason: string };
  jsep?: Jsep;
};
export type JanusPage = {
  /** Sends camera and microphone, as this publisher of the room, to the Janus at this WebSocket. */
  join(api: string, id: number): Promise<void>;
  /** Receives all that another one sends. */
  watch(id: number): Promise<void>;
};

const ROOM = 1;
const START_BITRATE = 'x-google-start-bitrate=2000';

let line: WebSocket;
let session = 0;
let transactions = 0;
/** By transaction, or by what Janus tells of itself. */
const waiting = new Map<string, (message: Message) => void>();

async function open(api: string): Promise<void> {
  line = new WebSocket(api, 'janus-protocol');
  line.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.janus !== 'ack') waiting.get(message.transaction ?? message.janus)?.(message);
  });
  await new Promise((resolve) => line.addEventListener('open', resolve));
  session = await made({ janus: 'create' });
}

async function ask(request: object): Promise<Message> {
  const transaction = String((transactions += 1));
  const message = await new Promise<Message>((resolve) => {
    waiting.set(transaction, resolve);
    line.send(JSON.stringify({ ...request, transaction }));
  });
  waiting.delete(transaction);
  const error = message.error?.reason ?? message.plugindata?.data.error;
  if (error !== undefined) throw new Error(`Janus: ${error}`);
  return message;
}

async function made(request: object): Promise<number> {
  const { data } = await ask(request);
  if (!data) throw new Error('Janus made nothing');
  return data.id;
}

/** A handle of the VideoRoom: Janus has one for each connection. Asks it, and answers the description it came with. */
async function attach(): Promise<(body: object, jsep?: object) => Promise<Jsep | undefined>> {
  const handle = await made({ janus: 'attach', session_id: session, plugin: 'janus.plugin.videoroom' });
  return async (body, jsep) =>
    (await ask({ janus: 'message', session_id: session, handle_id: handle, body, ...(jsep && { jsep }) })).jsep;
}

/** The connection's own description with all its candidates, so that none need follow it. */
async function described(connection: RTCPeerConnection): Promise<object> {
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== 'complete')
    await new Promise((resolve) => connection.addEventListener('icegatheringstatechange', resolve, { once: true }));
  const { type, sdp } = connection.localDescription as RTCSessionDescription;
  // Who answers the handshake chooses the cipher: so Janus does, as mediasoup does, and both choose the same.
  return { type, sdp: sdp.replaceAll('a=setup:actpass', 'a=setup:active'), trickle: false, rid_order: 'lmh' };
}

const janus: JanusPage = {
  async join(api, id) {
    await open(api);
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: true,
      video: { width: 1280, height: 720, frameRate: 30 },
    });
    const [camera, microphone] = [stream.getVideoTracks()[0], stream.getAudioTracks()[0]];
    if (!camera || !microphone) throw new Error('no devices');
    const connection = new RTCPeerConnection();
    connection.addTransceiver(microphone, { direction: 'sendonly' });
    connection.addTransceiver(camera, {
      direction: 'sendonly',
      // From low to high, as mediasoup-client does: the other way round Chromium sends three times the padding.
      sendEncodings: [
        { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
        { rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
        { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 1_800_000 },
      ],
    });
    const room = await attach();
    await room({ request: 'join', ptype: 'publisher', room: ROOM, id });
    // Nobody can watch before Janus' own end of the connection is up.
    const up = new Promise((resolve) => waiting.set('webrtcup', resolve));
    const answer = await room({ request: 'publish' }, await described(connection));
    if (!answer) throw new Error('Janus takes nothing');
    const [, vp8 = ''] = /a=rtpmap:(\d+) VP8/i.exec(answer.sdp) ?? [];
    await connection.setRemoteDescription({
      type: 'answer',
      sdp: answer.sdp.replace(/a=rtpmap:\d+ VP8.*\r\n/i, `$&a=fmtp:${vp8} ${START_BITRATE}\r\n`),
    });
    await up;
  },
  async watch(id) {
    const connection = new RTCPeerConnection();
    connection.addEventListener('track', ({ track }) => {
      const element = document.createElement(track.kind === 'video' ? 'video' : 'audio');
      element.srcObject = new MediaStream([track]);
      document.body.append(element);
      // Plays as soon as something comes, which is not before Janus has the answer.
      void element.play();
    });
    const room = await attach();
    const offer = await room({ request: 'join', ptype: 'subscriber', room: ROOM, streams: [{ feed: id }] });
    if (!offer) throw new Error('Janus offers nothing');
    await connection.setRemoteDescription(offer);
    await room({ request: 'start' }, await described(connection));
  },
};

declare global {
  var janus: JanusPage;
}
globalThis.janus = janus;
