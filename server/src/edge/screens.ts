import type { KioskPart, KioskSnapshot, StaffPart, StaffSnapshot } from '@openvtm/protocol';

/** What the edge needs to know of the screens: each part and the whole, read fresh when it is sent. */
export type Screens = {
  kiosk: { [P in KioskPart]: (kioskId: string) => Promise<KioskSnapshot[P]> };
  staff: { [P in StaffPart]: (staffId: string) => Promise<StaffSnapshot[P]> };
  /** null when the kiosk or the person is not there any more. */
  kioskSnapshot(kioskId: string): Promise<KioskSnapshot | null>;
  staffSnapshot(staffId: string): Promise<StaffSnapshot | null>;
  /** The kiosk at which a case is open. */
  kioskOf(caseId: string): Promise<string | null>;
  /** Where a kiosk stands; null: it is not known. */
  branchOf(kioskId: string): Promise<string | null>;
  /** The devices that follow a case. */
  followersOf(caseId: string): Promise<string[]>;
  /** Those whose screens show this kiosk's case just now: who leads the call first, then who attends it. */
  desksOf(kioskId: string): Promise<string[]>;
};
