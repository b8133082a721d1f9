import type { StaffRole } from '@openvtm/protocol';

export type AreaName =
  | 'desk'
  | 'reviews'
  | 'branch'
  | 'calls'
  | 'queue'
  | 'services'
  | 'appointments'
  | 'rules'
  | 'staffing'
  | 'journeys'
  | 'audit';

/** Who works in which area, in the order of the navigation. */
const areas: { name: AreaName; roles: StaffRole[] }[] = [
  { name: 'desk', roles: ['agent'] },
  { name: 'reviews', roles: ['agent', 'approver'] },
  { name: 'branch', roles: ['branch-staff'] },
  // What they may do in a call is the server's to say; inspectors see those that are over.
  { name: 'calls', roles: ['supervisor', 'branch-staff', 'inspector'] },
  // The board is read over the line, which answers supervisors.
  { name: 'queue', roles: ['supervisor'] },
  { name: 'services', roles: ['administrator'] },
  { name: 'appointments', roles: ['administrator'] },
  { name: 'rules', roles: ['supervisor', 'administrator'] },
  { name: 'staffing', roles: ['supervisor', 'administrator'] },
  { name: 'journeys', roles: ['supervisor', 'administrator'] },
  { name: 'audit', roles: ['supervisor', 'inspector', 'administrator'] },
];

/** The areas that somebody with these roles may open. */
export const areasOf = (roles: readonly StaffRole[]): AreaName[] =>
  areas.filter((area) => area.roles.some((role) => roles.includes(role))).map((area) => area.name);

/** Where somebody who asked for `wanted` is let in: there, or the first area of theirs, or the page that says there is none. */
export function placeFor(wanted: unknown, roles: readonly StaffRole[]): AreaName | 'home' {
  const mine = areasOf(roles);
  return mine.find((area) => area === wanted) ?? mine[0] ?? 'home';
}
