import type { KioskView, LoginOut } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Caller } from '../kernel/handler.ts';
import type { Actor } from '../kernel/journal.ts';
import { SYSTEM } from '../kernel/journal.ts';
import type { Works } from '../kernel/work.ts';
import type { Issued } from '../modules/sessions/index.ts';
import { kioskPeer, staffPeer, type Parts } from './parts.ts';

type StaffNeeds = Pick<Parts, 'sessions' | 'staff'>;
export type SignedIn = { out: LoginOut; refresh: string };
/** `locked-out` also tells until when. */
export class LockedOut extends Refusal {
  readonly until: number;
  constructor(until: number) {
    super('locked-out', 'too many wrong passwords');
    this.until = until;
  }
}

async function loginOut({ staff }: StaffNeeds, staffId: string, issued: Issued): Promise<LoginOut> {
  const person = await staff.view(staffId);
  if (!person) throw new Refusal('wrong-credentials', 'no such account');
  const { branchId: _, ...view } = person;
  return { ...issued, staff: view };
}

/** A member of staff signs in: password, session, a short token and the cookie that renews it. */
export async function staffLogin(
  needs: StaffNeeds,
  works: Works,
  { username, password }: { username: string; password: string },
): Promise<SignedIn> {
  const login = await works.bySystem((work) => needs.staff.login(work, username, password));
  if (login.is === 'locked') throw new LockedOut(login.until);
  if (login.is === 'wrong') throw new Refusal('wrong-credentials', 'wrong name or password');
  return works.change({ kind: 'staff', id: login.staffId }, async (work) => {
    const sessionId = await needs.sessions.open(work, { kind: 'staff', id: login.staffId });
    const refresh = await needs.sessions.issueRefresh(work, sessionId);
    return { refresh, out: await loginOut(needs, login.staffId, await needs.sessions.issue(work, sessionId)) };
  });
}

/** Trades the cookie for the next one and a fresh token; `expired` when it does not hold. */
export async function staffRefresh(needs: StaffNeeds, works: Works, cookie: string): Promise<SignedIn> {
  // A reused cookie revokes its session: that is an outcome to commit, and only then a refusal.
  const traded = await works.bySystem((work) => needs.sessions.rotate(work, cookie));
  if (!traded || traded.bearer.kind !== 'staff') throw new Refusal('expired', 'the refresh token does not hold');
  const issued = await works.bySystem((work) => needs.sessions.issue(work, traded.sessionId));
  return { refresh: traded.refresh, out: await loginOut(needs, traded.bearer.id, issued) };
}

export async function staffLogout({ sessions }: Pick<Parts, 'sessions'>, works: Works, cookie: string): Promise<void> {
  await works.bySystem(async (work) => {
    const traded = await sessions.rotate(work, cookie);
    if (traded) await sessions.revoke(work, { id: traded.sessionId }, 'signed-out');
  });
}

/** A device becomes a kiosk: its one-time code against its own key. The device that was this kiosk before is out. */
export async function enrolKiosk(
  { kiosks, sessions }: Pick<Parts, 'kiosks' | 'sessions'>,
  works: Works,
  wish: Parameters<Parts['kiosks']['enrol']>[1],
): Promise<KioskView> {
  return works.change(SYSTEM, (work) =>
    kiosks.enrol(work, wish, async (kioskId) => {
      await sessions.revoke(work, { kind: 'kiosk', subjectId: kioskId }, 'enrolled-anew');
      return sessions.open(work, { kind: 'kiosk', id: kioskId });
    }),
  );
}

/** A customer's phone becomes a device of a branch; what it can do there is little. */
export async function enrolPhone(
  { kiosks, sessions }: Pick<Parts, 'kiosks' | 'sessions'>,
  works: Works,
  wish: Parameters<Parts['kiosks']['visit']>[1],
): Promise<KioskView> {
  return works.change(SYSTEM, (work) =>
    kiosks.visit(work, wish, (kioskId) => sessions.open(work, { kind: 'kiosk', id: kioskId })),
  );
}

/** An enrolled kiosk proves its key and gets a short token. */
export async function kioskToken(
  { kiosks, sessions }: Pick<Parts, 'kiosks' | 'sessions'>,
  works: Works,
  proof: Parameters<Parts['kiosks']['prove']>[1],
): Promise<Issued> {
  const actor: Actor = { kind: 'kiosk', id: proof.kioskId };
  return works.change(actor, async (work) => sessions.issue(work, await kiosks.prove(work, proof)));
}

/** Who an access token speaks for, with the roles they have now; null when it does not hold. */
export async function callerOf(
  { kiosks, sessions, staff }: Pick<Parts, 'kiosks' | 'sessions' | 'staff'>,
  accessToken: string,
): Promise<Caller | null> {
  const bearer = await sessions.verify(accessToken);
  if (!bearer || !(await sessions.stillLive([bearer.sessionId])).has(bearer.sessionId)) return null;
  const { id, sessionId } = bearer;
  if (bearer.kind === 'kiosk') {
    const kiosk = await kiosks.view(id);
    return kiosk
      ? { kind: 'kiosk', id, subject: kioskPeer(id), branchId: kiosk.branchId, device: kiosk.kind, sessionId }
      : null;
  }
  const person = await staff.view(id);
  return person
    ? { kind: 'staff', id, subject: staffPeer(id), branchId: person.branchId, sessionId, roles: person.roles }
    : null;
}
