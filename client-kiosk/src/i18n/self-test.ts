/** The kiosk tries its devices and its connection, when nobody is at it. */
export const selfTest = {
  'zh-CN': {
    selfTest: {
      title: '正在自检',
      lead: '网点员工让这台机器检查自己，大约半分钟。会发出一声提示音。',
      stop: '停止自检，我要办业务',
      check: {
        camera: '摄像头',
        'document-camera': '证件摄像头',
        microphone: '麦克风',
        speaker: '扬声器',
        udp: '视频通道（UDP）',
        tcp: '视频通道（TCP）',
        turn: '中继通道（TURN）',
        bandwidth: '网络速度',
        clock: '时钟',
      },
      outcome: { good: '正常', poor: '不够好', failed: '有问题', none: '没有', running: '检查中…', next: '等待' },
    },
  },
  en: {
    selfTest: {
      title: 'Testing itself',
      lead: 'Branch staff let this kiosk test itself. It takes half a minute, and a tone will sound.',
      stop: 'Stop the test, I want to be served',
      check: {
        camera: 'Camera',
        'document-camera': 'Document camera',
        microphone: 'Microphone',
        speaker: 'Speaker',
        udp: 'Video by UDP',
        tcp: 'Video by TCP',
        turn: 'Relay (TURN)',
        bandwidth: 'Speed of the network',
        clock: 'Clock',
      },
      outcome: {
        good: 'Good',
        poor: 'Not so good',
        failed: 'Fault',
        none: 'None here',
        running: 'Trying…',
        next: 'Next',
      },
    },
  },
};
