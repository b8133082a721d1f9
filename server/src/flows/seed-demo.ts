import { AppointmentPlan, type Language, type StaffRole } from '@openvtm/protocol';
import type { Works } from '../kernel/work.ts';
import type { Parts } from './parts.ts';

const BRANCH = '00000000-0000-4000-8000-000000000001';
const PLAN = '00000000-0000-4000-8000-0000000000c1';
const DEMO_BRANCH = { 'zh-CN': '示范支行', en: 'Demonstration Branch' };
const FIRST_BRANCH = { 'zh-CN': '第一网点', en: 'First Branch' };
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
    skills: { cards: 5, accounts: 5, service: 5, corporate: 4, wealth: 4 },
    languages: BOTH,
  },
  { username: 'zhao.lei', name: '赵磊', roles: ['approver'] },
  { username: 'liu.yang', name: '刘洋', roles: ['inspector'] },
  { username: 'admin', name: '系统管理员', roles: ['administrator'] },
];

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const WORKDAYS = [1, 2, 3, 4, 5];
/** Open from nine to five; whom the branch has for appointments is a matter of its plan. */
const planOf = (hours: { days: number[]; from: string; to: string }[], shifts: AppointmentPlan['shifts']) =>
  AppointmentPlan.parse({
    zone: 'Asia/Shanghai',
    branches: [{ branchId: BRANCH, hours, holidays: [] }],
    shifts,
    dates: [],
    rules: {},
  });
/** A demonstration is looked at whenever somebody has time: it is open every day. */
const DEMO_PLAN = planOf(
  [{ days: EVERY_DAY, from: '09:00', to: '18:00' }],
  ['cards', 'accounts', 'service'].map((family) => ({ family, days: EVERY_DAY, from: '09:00', to: '18:00', staff: 1 })),
);
const FIRST_PLAN = planOf([{ days: WORKDAYS, from: '09:00', to: '17:00' }], []);

/** Invented people, kiosks and a branch, for demo mode only; what is there already stays. */
export async function seedDemo(
  { appointments, kiosks, staff }: Pick<Parts, 'appointments' | 'kiosks' | 'staff'>,
  works: Works,
): Promise<void> {
  if (!(await staff.isEmpty())) return;
  await works.bySystem(async (work) => {
    await kiosks.addBranch(work, { id: BRANCH, name: DEMO_BRANCH });
    await appointments.addPlan(work, { id: PLAN, name: DEMO_BRANCH, body: DEMO_PLAN });
    for (const { id, name, code } of DEMO_KIOSKS)
      await kiosks.add(work, {
        id,
        name,
        branchId: BRANCH,
        readers: { idCard: 'simulator', bankCard: 'simulator' },
        printer: 'simulator',
        code: { text: code, reusable: true },
      });
    for (const { skills = {}, languages = BOTH, ...person } of DEMO_STAFF) {
      await staff.add(work, { ...person, skills, languages, branchId: BRANCH, password: DEMO_PASSWORD });
    }
  });
}

/** The first administrator of a real installation, with a password that is shown once. false when there are people already. */
export async function firstAdministrator(
  { appointments, kiosks, staff }: Pick<Parts, 'appointments' | 'kiosks' | 'staff'>,
  works: Works,
  password: string,
): Promise<boolean> {
  if (!(await staff.isEmpty())) return false;
  await works.bySystem(async (work) => {
    await kiosks.addBranch(work, { id: BRANCH, name: FIRST_BRANCH });
    await appointments.addPlan(work, { id: PLAN, name: FIRST_BRANCH, body: FIRST_PLAN });
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
