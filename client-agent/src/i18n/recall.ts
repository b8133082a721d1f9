/** Calls whose kiosk dropped out: the agent asks there for the customer. */
export const recall = {
  'zh-CN': {
    recall: {
      title: '中断的通话',
      lead: '终端掉线，通话中断。业务保留到 {time}，可以请客户在同一台终端继续。',
      ring: '请客户继续',
      again: '再问一次',
      ringing: '终端正在询问客户（{n} 秒）',
      stop: '停止询问',
      away: '终端还没有恢复连接，请稍后再试。',
      busy: '终端前已有其他客户，现在不能询问。',
      end: {
        declined: '终端旁的人没有继续。',
        'no-answer': '没有人回答。',
        taken: '终端前已有其他客户开始办理。',
        stopped: '已停止询问。',
      },
    },
  },
  en: {
    recall: {
      title: 'Calls that broke off',
      lead: 'The kiosk dropped out of the call. The request is kept until {time}; its customer can go on at the same kiosk.',
      ring: 'Ask the customer back',
      again: 'Ask again',
      ringing: 'The kiosk is asking for the customer ({n} s)',
      stop: 'Stop asking',
      away: 'The kiosk is not connected yet. Please try again in a moment.',
      busy: 'Another customer is at the kiosk, so it does not ask now.',
      end: {
        declined: 'Whoever is at the kiosk did not go on.',
        'no-answer': 'Nobody answered.',
        taken: 'Another customer has begun at the kiosk.',
        stopped: 'It asks no more.',
      },
    },
  },
};
