import { DEMO_KIOSKS, DEMO_PASSWORD, DEMO_STAFF } from './seed-demo.ts';

/** What the person who started it must read: where to go and how to get in. */
export function greeting(url: string, options: { demo: boolean; administratorPassword: string | null }): string[] {
  const { demo, administratorPassword } = options;
  if (!demo) {
    const administrator = `  First administrator: admin / ${administratorPassword}   (shown once: note it down)`;
    return [
      `  Kiosk   ${url}/kiosk/`,
      `  Phone   ${url}/phone/`,
      `  Agent   ${url}/agent/`,
      ...(administratorPassword ? [administrator] : []),
    ];
  }
  return [
    '  DEMO MODE: invented data, reachable from this machine only.',
    '',
    ...DEMO_KIOSKS.map(({ code, name }) => `  Kiosk   ${url}/kiosk/#enrol=${code}   ${name}`),
    `  Phone   ${url}/phone/   what a customer opens at home or in the lobby`,
    `  Agent   ${url}/agent/`,
    '',
    `  Logins, all with the password ${DEMO_PASSWORD}`,
    ...DEMO_STAFF.map(({ username, roles, skills = {} }) => {
      const levels = Object.entries(skills).map(([name, level]) => `${name} ${level}`);
      return `    ${username.padEnd(12)} ${roles.join(', ').padEnd(20)} ${levels.join(', ')}`.trimEnd();
    }),
  ];
}
