import { AppInfo, type KioskCase } from '@openvtm/protocol';
import { openDevices } from '@openvtm/rtc/devices';
import { openLine, type Line } from '@openvtm/rtc/line';
import { createDrawPause } from '@openvtm/ui';
import { watch } from 'vue';
import { openGate } from './enrol/gate.ts';
import { createCallMedia } from './features/call/index.ts';
import { createSaver } from './features/form/index.ts';
import { createAsking } from './journey/asking.ts';
import { afterCaseChange } from './journey/case-change.ts';
import { wantsMedia } from './journey/screen.ts';
import type { CallMedia, FormSaver, Kiosk } from './kiosk.ts';
import type { KioskStore } from './store.ts';

/** Connects the store to the server and the devices. The only place that listens to notices. */
export function startKiosk(store: KioskStore): Kiosk {
  const gate = openGate((identity) => {
    store.identity = identity;
  });
  const line = gate.ready.then(() => {
    let refusedBefore = false;
    const opened = openLine({
      token: () => {
        // A token that did not bring the line up may be the reason: the next attempt proves the identity anew.
        const fresh = refusedBefore;
        refusedBefore = true;
        return gate.token({ fresh });
      },
    });
    opened.onState((state) => {
      if (state.at === 'live') refusedBefore = false;
    });
    return opened;
  });
  const devices = openDevices();
  const media = createCallMedia({ line, devices });
  const { ask, tell } = createAsking({ line, store });
  const saver = createSaver({ store, tell });

  void readAppInfo(store);
  void line.then((opened) => listen(opened, { store, media, saver, tell }));
  // Sync: the engine must be on its way before the next notice is looked at.
  watch(() => wantsMedia(store.snapshot, store.leaving), media.want, { flush: 'sync' });
  addEventListener('pagehide', () => void saver.flush());

  return { ask, tell, devices, media, saver, enrol: gate.enrol, token: gate.token };
}

/** Whether this is a demonstration is said before the line is up, too; the snapshot says it again. */
async function readAppInfo(store: KioskStore): Promise<void> {
  try {
    const answer = await fetch('/api/app');
    store.demo = AppInfo.parse(await answer.json()).demo;
  } catch {
    // No network yet.
  }
}

type Parts = { store: KioskStore; media: CallMedia; saver: FormSaver; tell: Kiosk['tell'] };

function listen(line: Line, { store, media, saver, tell }: Parts): void {
  const caseChanged = (before: KioskCase | null | undefined, after: KioskCase | null) => {
    afterCaseChange({ before, after, store, tell });
  };

  const pause = createDrawPause();
  store.line = line.state;
  line.onState((state) => {
    store.line = state;
    if (state.at === 'live') void saver.flush();
    // Another page has the kiosk now: nothing may go out from this one.
    if (state.at === 'closed') media.want(false);
  });
  line.on('line:kiosk-snapshot', (snapshot) => {
    pause.end();
    media.curtain(snapshot.call !== null);
    const before = store.snapshot?.case;
    store.demo = snapshot.demo;
    store.snapshot = snapshot;
    caseChanged(before, snapshot.case);
  });
  // How soon the teller sees the customer is counted from here.
  line.on('media:live', () => {
    pause.begin();
    media.curtain(true);
  });
  line.on('call:changed', ({ call }) => {
    media.curtain(call !== null);
    pause.draw(() => store.put({ call }));
  });
  line.on('case:changed', (notice) => {
    pause.draw(() => {
      const before = store.snapshot?.case;
      store.put({ case: notice.case });
      caseChanged(before, notice.case);
    });
  });
  line.on('queue:ticket-changed', ({ ticket }) => pause.draw(() => store.put({ ticket })));
  line.on('document:changed', ({ documents }) => pause.draw(() => store.put({ documents })));
  line.on('help:changed', ({ help }) => pause.draw(() => store.put({ help })));
}
