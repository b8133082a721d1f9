/** The quiet offer of help to who seems lost. */
export const offer = {
  'zh-CN': {
    offer: {
      title: '需要有人帮您吗？',
      text: '可以视频找柜员，也可以请网点员工过来。您也可以继续自己办理。',
      textStaff: '可以请网点员工过来。您也可以继续自己办理。',
      no: '不用，谢谢',
    },
  },
  en: {
    offer: {
      title: 'May somebody help you?',
      text: 'A teller by video, or branch staff at this kiosk. You can also simply go on.',
      textStaff: 'Branch staff can come to this kiosk. You can also simply go on.',
      no: 'No, thank you',
    },
  },
};
