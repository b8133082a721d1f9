import { io } from 'socket.io-client';

declare global {
  var peerToPeer: { prepare(): Promise<void>; end(): void };
}

const query = new URLSearchParams(location.search);
const socket = io(`http://127.0.0.1:${query.get('hub')}`, {
  path: '/hub',
  transports: ['websocket'],
  query: { side: query.get('side') ?? '' },
});
const far = document.querySelector<HTMLVideoElement>('#far');
let stream: MediaStream | null = null;
let connection: RTCPeerConnection | null = null;
let early: RTCIceCandidateInit[] = [];

function connect(): RTCPeerConnection {
  const made = new RTCPeerConnection();
  made.onicecandidate = ({ candidate }) => candidate !== null && socket.emit('candidate', candidate.toJSON());
  made.ontrack = ({ track, streams }) => {
    if (track.kind === 'video' && far !== null) far.srcObject = streams[0] ?? null;
  };
  for (const track of stream?.getTracks() ?? []) made.addTrack(track, ...(stream === null ? [] : [stream]));
  connection = made;
  return made;
}

async function offer(): Promise<void> {
  const made = connect();
  await made.setLocalDescription();
  socket.emit('description', made.localDescription?.toJSON());
}
document.querySelector('#accept')?.addEventListener('click', () => {
  if (query.get('offerer') === 'agent') void offer();
  else socket.emit('accept');
});
socket.on('accept', () => void offer());

socket.on('description', async (description: RTCSessionDescriptionInit) => {
  const made = connection ?? connect();
  await made.setRemoteDescription(description);
  for (const candidate of early.splice(0)) await made.addIceCandidate(candidate);
  if (description.type !== 'offer') return;
  await made.setLocalDescription();
  socket.emit('description', made.localDescription?.toJSON());
});
socket.on('candidate', async (candidate: RTCIceCandidateInit) => {
  if (connection?.remoteDescription) await connection.addIceCandidate(candidate);
  else early.push(candidate);
});

globalThis.peerToPeer = {
  async prepare() {
    const video = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
    stream ??= await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 }, video });
  },
  end() {
    connection?.close();
    connection = null;
    early = [];
    if (far !== null) far.srcObject = null;
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
  },
};
