/** Sheets that the agent explains to the customer in a call. */
export const explaining = {
  'zh-CN': {
    explaining: {
      title: '一起看',
      tab: '讲解',
      pick: '打开后，客户的屏幕上会放大显示。',
      is: { text: '说明', calculator: '计算', paper: '文书' },
      open: '在客户屏幕上打开“{title}”',
      version: '版本 {version}',
      close: '收起',
      seen: '客户已看 {n}%',
      mark: '点一段，客户的屏幕上就会标出来。',
      unmark: '取消标出',
      asks: '客户在问其中一段',
      loading: '正在打开…',
      again: '再试一次',
    },
  },
  en: {
    explaining: {
      title: 'Explain',
      tab: 'Explain',
      pick: 'What you open is shown large on the customer’s screen.',
      is: { text: 'Explanation', calculator: 'Calculator', paper: 'Paper' },
      open: 'Open “{title}” on the customer’s screen',
      version: 'Version {version}',
      close: 'Close it',
      seen: 'Customer saw {n} %',
      mark: 'Press a paragraph to mark it on the customer’s screen.',
      unmark: 'Unmark',
      asks: 'The customer asks about a paragraph',
      loading: 'Opening…',
      again: 'Try again',
    },
  },
};
