import type { Service } from '@openvtm/protocol';

/** The last sentence of every consent where supervisors may listen and customers are told so. Other words: another `version`. */
const SENTENCE = {
  version: 'supervision-1',
  text: {
    'zh-CN': '您与柜员通话时，本行主管可能旁听并提示柜员，以保证服务的质量和安全。',
    en: 'When you talk with a teller, a supervisor of the bank may listen and advise the teller, so that the service is good and safe.',
  },
};

/** The service with that sentence in what its customer agrees to, and in the version of it that is kept. Pure. */
export function supervised({ consent, ...service }: Service): Service {
  const { version, text } = consent;
  return {
    ...service,
    consent: {
      version: `${version}+${SENTENCE.version}`,
      // A line of its own: a bank's text need not end with a full stop.
      text: { 'zh-CN': `${text['zh-CN']}\n${SENTENCE.text['zh-CN']}`, en: `${text.en}\n${SENTENCE.text.en}` },
    },
  };
}
