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
    line.on('call:attending-changed', ({ attending }) => pause.draw(() => (live.attending = attending))),
    line.on('call:invitations-changed', ({ invitations }) => pause.draw(() => (live.invitations = invitations))),
    line.on('chat:changed', ({ chat }) => pause.draw(() => (live.chat = chat))),
    line.on('case:desk-changed', ({ case: deskCase }) => pause.draw(() => (live.deskCase = deskCase))),
    line.on('document:changed', ({ documents }) => pause.draw(() => (live.documents = documents))),
    line.on('signing:changed', ({ papers }) => pause.draw(() => (live.papers = papers))),
    line.on('reading:changed', ({ readings }) => pause.draw(() => (live.readings = readings))),
    line.on('review:changed', ({ reviews }) => pause.draw(() => (live.reviews = reviews))),
    line.on('annotation:changed', ({ annotations }) => pause.draw(() => (live.annotations = annotations))),
    line.on('annotation:drawing', ({ drawing }) => (live.drawing = drawing)),
    line.on('self-test:list-changed', ({ kiosks }) => pause.draw(() => (live.kiosks = kiosks))),
    line.on('help:list-changed', ({ open }) => pause.draw(() => (live.help = open))),
    line.on('hearing:changed', ({ hearing }) => (live.hearing = hearing)),
    line.on('sharing:changed', ({ sharing }) => (live.sharing = sharing)),
    line.on('explaining:changed', ({ explaining }) => (live.explaining = explaining)),
    line.on('recall:dropped-changed', ({ dropped }) => pause.draw(() => (live.dropped = dropped))),
    line.on('quality:alerts-changed', ({ alerts }) => pause.draw(() => (live.alerts = alerts))),
    line.on('appointment:list-changed', ({ today }) => pause.draw(() => (live.appointments = today))),
  ];
  return () => {
    for (const stop of stops) stop();
    pause.end();
  };
}
