import type { Language, StaffRole } from '@openvtm/protocol';
import type { Works } from '../kernel/work.ts';
import type { Parts } from './parts.ts';

const BRANCH = '00000000-0000-4000-8000-000000000001';
/** Known to everybody who reads this file; demo mode listens on loopback only. */
export const DEMO_PASSWORD = 'openvtm-demo';

export const DEMO_KIOSKS = [
  { id: '00000000-0000-4000-8000-0000000000a1', name: '一号机 Kiosk 1', code: 'DEMO-KIOSK-1' },
  { id: '00000000-0000-4000-8000-0000000000a2', name: '二号机 Kiosk 2', code: 'DEMO-KIOSK-2' },
];

type Person = {
  username: string;
  name: string;
  roles: StaffRole[];
  skills?: Record<string, number>;
  languages?: Language[];
};
const BOTH: Language[] = ['zh-CN', 'en'];
export const DEMO_STAFF: Person[] = [
  { username: 'li.na', name: '李娜', roles: ['agent'], skills: { cards: 4, accounts: 4, service: 5 }, languages: BOTH },
  { username: 'wang.wei', name: '王伟', roles: ['agent'], skills: { service: 3, cards: 2 }, languages: ['zh-CN'] },
  {
    username: 'emma.brown',
    name: 'Emma Brown',
    roles: ['agent'],
    skills: { service: 3, accounts: 3 },
    languages: ['en'],
  },
  { username: 'zhang.min', name: '张敏', roles: ['branch-staff'] },
  {
    username: 'chen.jing',
    name: '陈静',
    roles: ['supervisor', 'agent'],
    skills: { cards: 5, accounts: 5, service: 5 },
    languages: BOTH,
  },
  { username: 'zhao.lei', name: '赵磊', roles: ['approver'] },
  { username: 'liu.yang', name: '刘洋', roles: ['inspector'] },
  { username: 'admin', name: '系统管理员', roles: ['administrator'] },
];

/** Invented people, kiosks and a branch, for demo mode only; what is there already stays. */
export async function seedDemo({ kiosks, staff }: Pick<Parts, 'kiosks' | 'staff'>, works: Works): Promise<void> {
  if (!(await staff.isEmpty())) return;
  await works.bySystem(async (work) => {
    await kiosks.addBranch(work, { id: BRANCH, name: { 'zh-CN': '示范支行', en: 'Demonstration Branch' } });
    for (const { id, name, code } of DEMO_KIOSKS)
      await kiosks.add(work, { id, name, branchId: BRANCH, code: { text: code, reusable: true } });
    for (const { skills = {}, languages = BOTH, ...person } of DEMO_STAFF) {
      await staff.add(work, { ...person, skills, languages, branchId: BRANCH, password: DEMO_PASSWORD });
    }
  });
}

/** The first administrator of a real installation, with a password that is shown once. false when there are people already. */
export async function firstAdministrator(
  { kiosks, staff }: Pick<Parts, 'kiosks' | 'staff'>,
  works: Works,
  password: string,
): Promise<boolean> {
  if (!(await staff.isEmpty())) return false;
  await works.bySystem(async (work) => {
    await kiosks.addBranch(work, { id: BRANCH, name: { 'zh-CN': '第一网点', en: 'First Branch' } });
    await staff.add(work, {
      username: 'admin',
      name: 'Administrator',
      roles: ['administrator'],
      skills: {},
      languages: BOTH,
      branchId: BRANCH,
      password,
    });
  });
  return true;
}
