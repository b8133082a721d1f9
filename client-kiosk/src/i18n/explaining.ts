/** A sheet that the teller explains in a call. */
export const explaining = {
  'zh-CN': {
    explaining: {
      lead: '柜员和您一起看。想问哪一段，就点哪一段。',
      more: '往下看',
      notHere: '不问这一段了',
      loading: '正在打开…',
      failed: '没有打开。',
      again: '再试一次',
    },
  },
  en: {
    explaining: {
      lead: 'You and the teller see this together. Tap what you want to ask about.',
      more: 'Further down',
      notHere: 'No question about this',
      loading: 'Opening…',
      failed: 'It could not be opened.',
      again: 'Try again',
    },
  },
};
