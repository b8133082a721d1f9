/** What helps a customer who hears badly in a call. */
export const hearing = {
  'zh-CN': {
    hearing: {
      title: '听不清时',
      captions: '显示字幕',
      captionsOff: '关闭字幕',
      waiting: '柜员说话时，这里会显示文字。',
      lost: '字幕暂时停止，正在重新连接。通话不受影响。',
      read: '柜员正在看字幕：您说的话会由语音服务转成文字，不保存。',
      simulated: '模拟字幕：文字是演示内容，不是柜员真实说的话。',
      speakUp: '请大声一点',
      asked: '已告诉柜员',
      volume: '音量',
      louder: '调大音量',
      quieter: '调小音量',
      percent: '音量 {n}%',
    },
  },
  en: {
    hearing: {
      title: 'If you cannot hear well',
      captions: 'Show captions',
      captionsOff: 'Hide captions',
      waiting: 'What the teller says is written here.',
      lost: 'The captions have stopped and are coming back. The call goes on.',
      read: 'The teller reads captions: a speech service turns what you say into words, which are not kept.',
      simulated: 'Simulated captions: these words are invented, and not what the teller says.',
      speakUp: 'Please speak up',
      asked: 'The teller was told',
      volume: 'Volume',
      louder: 'Louder',
      quieter: 'Quieter',
      percent: 'Volume {n} %',
    },
  },
};
