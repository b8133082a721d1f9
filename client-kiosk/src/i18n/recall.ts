/** A teller asks for the customer of a call that this kiosk dropped out of. */
export const recall = {
  'zh-CN': {
    recall: {
      title: '您刚才在和柜员通话吗？',
      lead: '刚才连接中断了。如果是您，可以接着办理，已填写的内容都还在。',
      agent: '柜员 {name} 在等您。',
      yes: '是我，继续办理',
      no: '不是我，或以后再说',
      left: '{n} 秒后不再询问',
    },
  },
  en: {
    recall: {
      title: 'Were you just talking to a teller?',
      lead: 'The connection was cut. If it was you, you can go on; all that you filled in is kept.',
      agent: 'Teller {name} is waiting for you.',
      yes: 'Yes, go on',
      no: 'It was not me, or not now',
      left: 'This question goes away in {n} s',
    },
  },
};
