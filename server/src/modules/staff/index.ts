import type { Language, StaffId, StaffRole, StaffView } from '@openvtm/protocol';
import type { Database, Queryable } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import { createStaff } from './staff.ts';

export type NewAccount = {
  id?: string;
  username: string;
  name: string;
  branchId: string;
  password: string;
  roles: StaffRole[];
  skills: Record<string, number>;
  languages: Language[];
};

/** `locked`: too many wrong passwords; `until` is when it opens again. */
export type LoginResult = { is: 'in'; staffId: StaffId } | { is: 'wrong' } | { is: 'locked'; until: number };

/** The bank's people: accounts, passwords, roles, skills. */
export type Staff = {
  /**
   * Checks a password (argon2id). Takes the same time whether or not the name is known. A wrong one is an answer and
   * not an exception, so that its count is committed.
   */
  login(work: Work, username: string, password: string): Promise<LoginResult>;
  view(id: string, reader?: Queryable): Promise<(StaffView & { branchId: string }) | null>;
  /** Names by id, of those that exist. */
  names(ids: readonly string[]): Promise<Map<string, string>>;
  /** At most `most` of those who have one of these roles, by name. */
  withRole(
    roles: readonly StaffRole[],
    most: number,
  ): Promise<{ staffId: StaffId; name: string; roles: StaffRole[]; skills: Record<string, number> }[]>;
  /** false when the username is taken. */
  add(work: Work, account: NewAccount): Promise<boolean>;
  isEmpty(): Promise<boolean>;
};

export const staffSchema = { schema: 'staff', dir: new URL('./migrations/', import.meta.url) };
export const openStaff = (needs: { database: Database }): Staff => createStaff(needs);
