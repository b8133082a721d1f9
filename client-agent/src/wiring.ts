import type { Line } from '@openvtm/rtc/line';
import { createDrawPause } from '@openvtm/ui';
import { whereabouts, type Live } from './live/index.ts';

/** The only listener to notices: writes what they say into the store. Returns the function that stops it. */
export function wire(line: Line, live: Live): () => void {
  live.line = line.state;
  const pause = createDrawPause();
  const stops = [
    line.onState((state) => {
      live.line = state;
      if (state.at === 'live') whereabouts.again();
    }),
    line.on('line:staff-snapshot', (snapshot) => {
      pause.end();
      live.replace(snapshot);
    }),
    // The customer's first frame goes before the desk that is drawn around it.
    line.on('media:live', pause.begin),
    line.on('queue:agent-changed', ({ agent }) => pause.draw(() => (live.agent = agent))),
    line.on('queue:board-changed', ({ board }) => pause.draw(() => (live.board = board))),
    line.on('call:changed', ({ call }) => pause.draw(() => (live.call = call))),
    line.on('case:desk-changed', ({ case: deskCase }) => pause.draw(() => (live.deskCase = deskCase))),
    line.on('document:changed', ({ documents }) => pause.draw(() => (live.documents = documents))),
    line.on('help:list-changed', ({ open }) => pause.draw(() => (live.help = open))),
    line.on('sharing:changed', ({ sharing }) => (live.sharing = sharing)),
    line.on('appointment:list-changed', ({ today }) => pause.draw(() => (live.appointments = today))),
  ];
  return () => {
    for (const stop of stops) stop();
    pause.end();
  };
}
