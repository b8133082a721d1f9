import { type AgentState, CallId, type CallView, CaseId, type ParticipantMode, StaffId } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { mediaWish } from './media-wish.ts';

const me = StaffId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e01');
const callId = CallId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e02');
const attended = (mode: ParticipantMode): CallView => ({
  callId,
  caseId: CaseId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e03'),
  startedAt: 1,
  held: null,
  participants: [{ id: me, role: 'supervisor', mode, name: '陈静', here: true, lostSince: null }],
  invitations: [],
  passedOn: null,
  supervised: false,
  until: null,
  escalated: null,
});
const wish = (agent: AgentState | null, attending: CallView[] = [], checked = true) =>
  mediaWish({ agent, attending, me, checked });
const neither = { camera: false, microphone: false };
const both = { camera: true, microphone: true };

it('lets an agent out in a call and while helping, on hold too, and not before', () => {
  expect(wish({ at: 'in-call', since: 1, callId })).toEqual({ session: 'start', devices: both, out: both });
  expect(wish({ at: 'hold', since: 1, callId }).out).toEqual(both);
  expect(wish({ at: 'helping', since: 1, callId }, [attended('joined')]).out).toEqual(both);
  // A supervisor who is on duty as an agent, too, gets no offer while listening.
  expect(wish({ at: 'helping', since: 1, callId }, [attended('listening')])).toMatchObject({
    devices: neither,
    out: neither,
  });
  // Between two calls, as the notices come: what goes out goes on.
  expect(wish({ at: 'helping', since: 1, callId })).toMatchObject({ devices: both, out: null });
  expect(wish({ at: 'ready', since: 1 })).toEqual({ session: 'start', devices: both, out: neither });
  expect(wish({ at: 'ready', since: 1 }, [], false).session).toBe('keep');
  expect(wish({ at: 'offline', since: 1 }).session).toBe('stop');
  expect(wish(null).session).toBe('stop');
});

it('opens no device of who only listens', () => {
  expect(wish(null, [attended('listening'), attended('listening')])).toEqual({
    session: 'start',
    devices: neither,
    out: neither,
  });
});

it('lets out the microphone alone of who whispers', () => {
  const microphone = { camera: false, microphone: true };
  expect(wish(null, [attended('whispering')])).toEqual({ session: 'start', devices: microphone, out: microphone });
});

it('lets out both of who joined', () => {
  expect(wish(null, [attended('listening'), attended('joined')]).out).toEqual(both);
});

it('keeps the devices of an agent who is ready and listens elsewhere, and sends nothing', () => {
  expect(wish({ at: 'ready', since: 1 }, [attended('listening')])).toEqual({
    session: 'start',
    devices: both,
    out: neither,
  });
});

it('takes who is not named among the participants for a listener', () => {
  expect(mediaWish({ agent: null, attending: [attended('joined')], me: null, checked: true }).out).toEqual(neither);
});
