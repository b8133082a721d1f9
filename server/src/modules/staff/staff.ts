import { randomUUID } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { StaffId } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import type { Staff } from './index.ts';
import {
  accountById,
  accountByUsername,
  accountsWithRole,
  clearFailures,
  countAccounts,
  countFailure,
  insertAccount,
  namesOf,
} from './staff.store.ts';

/** argon2id, 19 MiB, 2 passes: the first choice of the OWASP password storage cheat sheet. */
const ARGON = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const FAILURES_TO_LOCK = 5;
const LOCK_MS = 15 * 60_000;

/** See `Staff` for each one's contract. */
export function createStaff({ database }: { database: Database }): Staff {
  // Verified when the name is unknown, so that the time taken does not tell which names exist.
  const decoy = hash(randomUUID(), ARGON);

  return {
    async login(work, username, password) {
      const account = await accountByUsername(work.tx, username);
      if (account?.locked_until && account.locked_until > work.now) {
        return { is: 'locked', until: account.locked_until };
      }
      const holds = await verify(account?.password_hash ?? (await decoy), password);
      if (!account) return { is: 'wrong' };
      const about = { staffId: account.id };
      if (holds) {
        await clearFailures(work.tx, account.id);
        work.record({ kind: 'staff.signed-in', about });
        return { is: 'in', staffId: account.id as StaffId };
      }
      const { locked_until: until } = await countFailure(work.tx, account.id, {
        limit: FAILURES_TO_LOCK,
        until: work.now + LOCK_MS,
      });
      work.record({ kind: 'staff.sign-in-failed', about });
      if (until === null || until <= work.now) return { is: 'wrong' };
      work.record({ kind: 'staff.locked', about, data: { until } });
      return { is: 'locked', until };
    },

    async view(id, reader = database) {
      const account = await accountById(reader, id);
      if (!account) return null;
      const { username, name, roles, skills, languages, branch_id: branchId } = account;
      return { staffId: account.id as StaffId, username, name, roles, skills, languages, branchId };
    },

    async names(ids) {
      if (ids.length === 0) return new Map();
      return new Map((await namesOf(database, [...ids])).map((row) => [row.id, row.name]));
    },

    withRole: async (roles, most) =>
      (await accountsWithRole(database, roles, most)).map(({ id, ...rest }) => ({ staffId: id as StaffId, ...rest })),

    async add(work, { password, branchId, id = randomUUID(), ...rest }) {
      const added = await insertAccount(work.tx, {
        ...rest,
        id,
        branch_id: branchId,
        password_hash: await hash(password, ARGON),
        failures: 0,
        locked_until: null,
        created_at: work.now,
      });
      if (added) work.record({ kind: 'staff.added', about: { staffId: id }, data: { roles: rest.roles.join(' ') } });
      return added;
    },

    isEmpty: async () => (await countAccounts(database)).count === 0,
  };
}
