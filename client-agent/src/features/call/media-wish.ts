import type { AgentState, CallView, StaffId } from '@openvtm/protocol';
import type { Lifted } from '@openvtm/rtc/call';

/** What is wanted of the media: joined, left alone, or let go; which devices are on; what of them goes out, null: what does. */
export type MediaWish = { session: 'start' | 'keep' | 'stop'; devices: Lifted; out: Lifted | null };

const NEITHER: Lifted = { camera: false, microphone: false };
const BOTH: Lifted = { camera: true, microphone: true };
const either = (a: Lifted, b: Lifted): Lifted => ({
  camera: a.camera || b.camera,
  microphone: a.microphone || b.microphone,
});

/** What the agent's own state asks for. `checked`: the devices were tried in this tab. */
function ofAgent(at: AgentState['at'] | undefined, checked: boolean): MediaWish {
  switch (at) {
    // On hold the agent still talks with colleagues; the server sees to it that the customer hears nothing.
    case 'in-call':
    case 'hold':
      return { session: 'start', devices: BOTH, out: BOTH };
    // After a reload or take-over in a call there is no time for a device check.
    case 'offered':
      return { session: 'start', devices: BOTH, out: NEITHER };
    // What goes out of who helps is decided by how they are in the call. Between a call of their own and another's, as the
    // notices come, they are in none for a moment: a curtain that falls in it would cost the customer the picture for a second.
    case 'helping':
      return { session: 'start', devices: BOTH, out: null };
    case 'ready':
      return checked
        ? { session: 'start', devices: BOTH, out: NEITHER }
        : { session: 'keep', devices: NEITHER, out: NEITHER };
    case 'wrap-up':
      return { session: 'keep', devices: NEITHER, out: NEITHER };
    default:
      return { session: 'stop', devices: NEITHER, out: NEITHER };
  }
}

/** Who listens sends nothing and needs no device, who whispers needs a microphone. Pure. */
export function mediaWish(of: {
  agent: AgentState | null;
  attending: readonly CallView[];
  me: StaffId | null;
  checked: boolean;
}): MediaWish {
  const own = ofAgent(of.agent?.at, of.checked);
  const modes = of.attending.map((call) => call.participants.find(({ id }) => id === of.me)?.mode ?? 'listening');
  if (modes.length === 0) return own;
  const owned = of.agent?.at === 'helping' ? NEITHER : own.devices;
  const needed = modes
    .map((mode): Lifted => (mode === 'joined' ? BOTH : { camera: false, microphone: mode === 'whispering' }))
    .reduce(either, NEITHER);
  return { session: 'start', devices: either(owned, needed), out: either(own.out ?? NEITHER, needed) };
}
