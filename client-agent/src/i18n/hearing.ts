/** A customer who hears badly, and captions of what is said. */
export const hearing = {
  'zh-CN': {
    hearing: {
      title: '听力辅助',
      speakUp: '客户听不太清，请您说话大声一点、慢一点。',
      read: '客户正在看字幕：您说的话会由语音服务转成文字，不保存。',
      captions: '通话字幕',
      switchHint: '把客户说的话显示成文字；客户会看到提示，文字不保存。',
      waiting: '客户说话时，这里会显示文字。',
      lost: '字幕服务中断，正在重新连接。',
      simulated: '模拟字幕：文字是演示内容，不是真实说的话。',
      customer: '客户',
    },
  },
  en: {
    hearing: {
      title: 'Hearing',
      speakUp: 'The customer does not hear you well: please speak louder, and slowly.',
      read: 'The customer reads captions: a speech service turns what you say into words, which are not kept.',
      captions: 'Captions',
      switchHint: 'Shows what the customer says in words. The customer is told so, and they are not kept.',
      waiting: 'What the customer says is written here.',
      lost: 'The captions have stopped and are coming back.',
      simulated: 'Simulated captions: these words are invented, and not what anybody says.',
      customer: 'Customer',
    },
  },
};
