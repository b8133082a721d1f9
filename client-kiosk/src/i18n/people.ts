/** More people than customer and teller in a call, and a call on hold. */
export const people = {
  'zh-CN': {
    hold: {
      title: '请稍等',
      text: '柜员正在为您查询，很快回来。',
      unseen: '现在没有人能看到您，也没有人能听到您。',
      short: '通话保持中',
      clock: '已保持 {time}',
      next: '柜员很快回来，您不需要做任何操作。',
    },
    people: {
      role: { agent: '柜员', expert: '专家', 'branch-staff': '网点员工', supervisor: '主管' },
      caption: '{role} {name}',
      window: '{name}展示的窗口',
      picture: '{role}{name}的画面',
      gone: '正在重新连接',
      joined: '{role}{name}加入了通话',
      left: '{role}{name}离开了通话',
      leads: '现在由{name}为您办理',
      supervised: '本行主管正在旁听。',
    },
  },
  en: {
    hold: {
      title: 'One moment please',
      text: 'The teller is looking something up for you and will be back soon.',
      unseen: 'Nobody sees or hears you now.',
      short: 'On hold',
      clock: 'On hold for {time}',
      next: 'The teller will be back soon. You need not do anything.',
    },
    people: {
      role: { agent: 'Teller', expert: 'Expert', 'branch-staff': 'Branch staff', supervisor: 'Supervisor' },
      caption: '{role} {name}',
      window: 'The window that {name} shows',
      picture: 'The picture of {name}, {role}',
      gone: 'Connecting again',
      joined: '{name} ({role}) has joined',
      left: '{name} ({role}) has left',
      leads: '{name} serves you now',
      supervised: 'A supervisor of the bank is listening.',
    },
  },
};
