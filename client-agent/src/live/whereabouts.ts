import { createWhereabouts } from '@openvtm/rtc/whereabouts';
import { line } from './connection.ts';

/** Where this desk's agent is in the customer's form; what can't be told now is told by the next. */
export const whereabouts = createWhereabouts({
  send: (where) => {
    const open = line.value;
    if (open?.state.at === 'live') open.request('sharing:at', where).catch(() => undefined);
  },
});
