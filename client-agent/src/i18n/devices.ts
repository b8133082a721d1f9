/** What is done to the agent's own picture and sound before they go out. */
export const devices = {
  'zh-CN': {
    callDevices: { title: '我的画面和声音', kept: '这个设备打不开，仍用原来的。' },
    noise: {
      title: '降噪',
      take: '去除周围的噪声',
      hint: '去掉键盘声和同事说话等背景噪声，不影响您的声音。',
      plain: '降噪在这里不能用，声音照常发出。',
    },
    background: {
      title: '画面背景',
      is: { none: '不遮盖', blur: '模糊', picture: '背景图' },
      starting: '正在准备背景，准备好之前不会发出画面…',
      on: '客户看不到您身后的环境。',
      stopped: {
        slow: '这台电脑太慢，背景已停止，画面也已关闭，避免露出身后的环境。可以重试，或选择“不遮盖”。',
        failed: '背景无法使用，画面已关闭，避免露出身后的环境。可以重试，或选择“不遮盖”。',
      },
    },
  },
  en: {
    callDevices: { title: 'My picture and sound', kept: 'That one does not open; the one before stays in use.' },
    noise: {
      title: 'Noise',
      take: 'Take out the noise around me',
      hint: 'Keyboards and the hum of the room are taken out; your voice stays.',
      plain: 'This does not work here; your voice goes out as it is.',
    },
    background: {
      title: 'Background',
      is: { none: 'As it is', blur: 'Blurred', picture: 'Picture' },
      starting: 'The background is getting ready; no picture goes out before it is…',
      on: 'The customer does not see what is behind you.',
      stopped: {
        slow: 'This computer is too slow for it: the background stopped, and your picture with it, so that nothing behind you shows. Try again, or choose “As it is”.',
        failed:
          'The background does not work, and your picture is off so that nothing behind you shows. Try again, or choose “As it is”.',
      },
    },
  },
};
