/** The form in a call, which customer and teller fill in together, and what is said of more text than fits. */
export const sharing = {
  'zh-CN': {
    pasted: { cut: '这里最多填 {most} 个字，多出的没有填入。' },
    sharing: {
      open: '查看我填写的内容',
      title: '您填写的内容',
      lead: '柜员也能看到这些内容。点“修改”可以改任何一项。',
      fieldTitle: '请填写',
      done: '填好了',
      close: '返回柜员画面',
      tellerHere: '柜员正在看这一项',
      tellerTypes: '柜员正在填写：',
      tellerAt: '柜员正在看：{label}',
      both: '您和柜员同时修改了“{label}”，以哪个为准？',
      theirs: '柜员填写的',
      mine: '您填写的',
    },
  },
  en: {
    pasted: { cut: 'Only the first {most} characters fit here. The rest was left out.' },
    sharing: {
      open: 'See what I filled in',
      title: 'What you filled in',
      lead: 'The teller sees it too. Press “Change” to correct any of it.',
      fieldTitle: 'Please fill in',
      done: 'Done',
      close: 'Back to the teller',
      tellerHere: 'The teller is at this field',
      tellerTypes: 'The teller is typing:',
      tellerAt: 'The teller is at: {label}',
      both: 'You and the teller both changed “{label}”. Which one is right?',
      theirs: 'The teller’s',
      mine: 'Yours',
    },
  },
};
