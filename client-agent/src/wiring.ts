import type { Line } from '@openvtm/rtc/line';
import type { Live } from './live/index.ts';

/** The only listener to notices: writes what they say into the store. Returns the function that stops it. */
export function wire(line: Line, live: Live): () => void {
  live.line = line.state;
  const stops = [
    line.onState((state) => (live.line = state)),
    line.on('line:staff-snapshot', (snapshot) => live.replace(snapshot)),
    line.on('queue:agent-changed', ({ agent }) => (live.agent = agent)),
    line.on('queue:board-changed', ({ board }) => (live.board = board)),
    line.on('call:changed', ({ call }) => (live.call = call)),
    line.on('case:desk-changed', ({ case: deskCase }) => (live.deskCase = deskCase)),
    line.on('document:changed', ({ documents }) => (live.documents = documents)),
    line.on('help:list-changed', ({ open }) => (live.help = open)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
