/** Every sentence a citizen reads in this app. Only here, so that wording can be reviewed as a whole. */

export const text = {
  app: {
    name: '办事通',
    hall: '政务服务中心',
    skip: '跳到正文',
    back: '返回',
    large: '大字',
    largeOn: '切换到大字',
    largeOff: '恢复标准字',
    largeSaid: '已切换为大字',
    ordinarySaid: '已恢复标准字',
    tabs: '主导航',
    offline: '网络已断开，看到的可能不是最新内容。连上网后会自动恢复。',
    loading: '正在加载',
    retry: '再试一次',
    home: '回首页',
    callHotline: '拨打 12345',
    hotline: '12345',
    hotlineHint: '政务服务便民热线，也可以人工咨询',
    copied: '已复制，可以粘贴发给家人',
    copyFailed: '没有复制成功，请长按文字手动复制',
    more: '查看更多',
    title: (page: string) => (page ? `${page} - 办事通` : '办事通')
  },

  tabs: { home: '首页', chat: '问一问', me: '我的' },

  problems: {
    offline: {
      title: '连不上网络',
      detail: '请检查手机的网络，然后再试一次。着急的话，可以直接拨打 12345 咨询。'
    },
    timeout: {
      title: '等得有点久了',
      detail: '服务响应太慢。请稍等一会儿再试一次，或者拨打 12345 咨询。'
    },
    busy: {
      title: '现在用的人比较多',
      detail: '请过一分钟再试一次。着急的话，可以拨打 12345 咨询。'
    },
    missing: {
      title: '没有找到这一页',
      detail: '这项内容可能已经更名或下线。可以回首页重新查，或者拨打 12345 咨询。'
    },
    refused: {
      title: '没能办成这一步',
      detail: '请检查填写的内容，改一下再试。'
    },
    broken: {
      title: '系统出了点问题',
      detail: '我们会尽快修好。请过一会儿再试一次，或者拨打 12345 咨询。'
    }
  },

  search: {
    title: '查事项',
    label: '查办事事项',
    placeholder: '如：身份证丢了',
    submit: '搜索',
    clear: '清空',
    hint: '说大白话、事项名称、拼音首字母都能查',
    suggestions: '猜您要办',
    suggested: (n: number) => (n ? `有 ${n} 条建议，按上下键选择` : '没有建议'),
    audience: '按服务对象',
    all: '全部',
    person: '个人',
    company: '企业',
    found: (n: number, q: string) => (q ? `“${q}”共找到 ${n} 个事项` : `共 ${n} 个事项`),
    theme: (name: string) => `主题：${name}`,
    clearTheme: '取消主题筛选',
    showing: (shown: number, total: number) => `已显示 ${shown} / ${total}`,
    more: '加载更多',
    loadingMore: '正在加载…',
    emptyTitle: '没有找到这个事项',
    emptyDetail: '换个说法试试，比如“补身份证”“办社保卡”。也可以直接问一问，或者拨打 12345。',
    ask: '问一问',
    time: '办理时间',
    fee: '费用',
    bookable: '可预约',
    fullyOnline: '全程网办'
  },

  home: {
    title: '首页',
    slogan: '查指南、备材料，少跑一趟',
    askTitle: '不知道怎么办？问一问',
    askDetail: '用平常的话说您的事，回答都来自办事指南',
    askButton: '开始问',
    hot: '大家常办',
    all: '全部事项',
    browse: '按类别找',
    themes: '办事主题',
    halls: '办事大厅',
    hallsMore: '全部大厅',
    person: '个人',
    company: '企业',
    footer: '内容由政务服务机构核对发布，各地有差别的以当地为准'
  },

  /** What most people come for. Each must exist: a test asks the real API. */
  hot: [
    { service_id: 'idcard-lost', label: '身份证补领' },
    { service_id: 'sscard-lost', label: '社保卡补换' },
    { service_id: 'passport-first', label: '首次办护照' },
    { service_id: 'marriage-register', label: '结婚登记' },
    { service_id: 'birth-hukou', label: '新生儿落户' },
    { service_id: 'med-remote', label: '异地就医备案' },
    { service_id: 'gjj-rent', label: '租房提公积金' },
    { service_id: 'getihu-setup', label: '开店办执照' }
  ],

  themes: {
    person: [
      { name: '户籍办理', short: '户' },
      { name: '证件办理', short: '证' },
      { name: '生育收养', short: '育' },
      { name: '社会保障', short: '社' },
      { name: '医疗卫生', short: '医' },
      { name: '住房保障', short: '住' },
      { name: '出境入境', short: '境' },
      { name: '交通出行', short: '车' },
      { name: '婚姻登记', short: '婚' },
      { name: '就业创业', short: '业' },
      { name: '教育科研', short: '学' },
      { name: '不动产', short: '房' }
    ],
    company: [
      { name: '设立变更', short: '企' },
      { name: '纳税缴费', short: '税' },
      { name: '社会保障', short: '社' },
      { name: '公用事业', short: '水' }
    ]
  },

  /** As in knowledge/phrases.py; a test compares the two. */
  phrases: {
    free: '不收费',
    local: '各地不同',
    byStandard: '按规定标准收取',
    onTheSpot: '当场办结',
    each: (said: string) => `每项 ${said}`,
    unsure: (said: string) => `${said}（以当地为准）`,
    within: (value: number, unit: string) => `${value} ${unit}内`,
    statutory: (said: string) => `法定 ${said}`,
    statutoryOnly: (said: string) => `法定 ${said}，承诺时间各地不同`
  },

  guide: {
    title: '办事指南',
    department: '办理部门',
    inShort: '先看这几样',
    fee: '费用',
    time: '办理时间',
    visit: '跑几趟',
    agent: '能否代办',
    free: '不收费',
    feeUnknown: '收费标准见当地公布',
    feeBySituation: '看情形',
    differsLocally: '各地不同',
    noVisit: '不用到现场',
    visits: (n: number) => `最多跑 ${n} 次`,
    askFirst: '先问窗口',
    agentAllowed: '可以代办',
    agentRefused: '须本人办',
    agentDepends: '看情形',
    situation: '您的情形',
    situationHint: '选好以后，下面的材料、费用就是您要的那一份',
    situationFirst: '请先选择上面的情形，材料会不一样。下面先列出都要带的。',
    multiple: '可以多选',
    materials: '要带的材料',
    noMaterials: '不用带材料',
    progress: (ready: number, total: number) => `已备齐 ${ready}/${total}`,
    allReady: '材料备齐了，可以出发',
    progressLabel: '材料准备进度',
    tick: '备好一样，勾一样，本机会记住',
    required: '必带',
    optional: '视情况',
    later: '可后补',
    filledOnSite: '现场填写',
    electronic: '电子材料',
    originals: (n: number) => `原件 ${n} 份`,
    copies: (n: number) => `复印件 ${n} 份`,
    appliesWhen: (when: string) => `什么情况要带：${when}`,
    signature: (words: string) => `签章：${words}`,
    waived: '可免交',
    waivers: {
      数据共享: '能联网核验的可以不带',
      告知承诺: '可以用书面承诺代替',
      电子证照: '可以出示电子证照'
    } as Record<string, string>,
    blankForm: '下载空白表',
    sample: '看样表',
    copy: '复制清单',
    print: '打印',
    share: '分享',
    shareTitle: (name: string) => `《${name}》办事指南`,
    copiedFrom: (version: number, date: string, ask: string) =>
      `来自办事指南第 ${version} 版，核对日期 ${date}。各地有差别的，请先问${ask}。`,
    reset: '全部取消勾选',
    fees: '费用',
    feeReduction: '减免',
    byOthers: '非政务收费',
    limits: '办理时间',
    limitKind: { 法定: '法律规定最长', 承诺: '承诺办结' } as Record<string, string>,
    notCounted: '不计入办理时间',
    conditions: '办理条件',
    refusals: '这些情况办不了',
    where: '在哪办',
    hours: '时间',
    phone: '电话',
    address: '地址',
    channels: '办理方式',
    open: '打开',
    steps: '办理步骤',
    agents: '代办',
    results: '办好拿到什么',
    deliveries: '怎么领',
    validity: '有效期',
    basis: '法律依据',
    faqs: '常见问题',
    notes: '温馨提示',
    related: '相关事项',
    progressQuery: '进度怎么查',
    remedies: '不服怎么办',
    source: '内容来源',
    version: (n: number) => `第 ${n} 版`,
    checked: (date: string) => `核对日期 ${date}`,
    local: '以当地为准',
    localHint: (ask: string) => `标“以当地为准”的内容各地有差别，去之前请先问${ask}。`,
    askLocally: '问谁',
    ask: '问一问',
    jump: '本页内容',
    show: '展开',
    hide: '收起'
  },

  chat: {
    title: '问一问',
    hello: '您好，我是办事通导办机器人。想办什么事，用平常的话告诉我就行。',
    helloHint: '我按办事指南回答，会写明依据。请不要在这里发身份证号、银行卡号等个人信息。',
    quick: '大家常问',
    questions: ['身份证丢了怎么补？', '办护照要带什么？', '结婚登记要多少钱？', '社保卡丢了怎么办？', '大厅几点上班？'],
    log: '对话内容',
    label: '请输入您的问题',
    placeholder: '请输入您的问题',
    send: '发送',
    you: '您',
    bot: '办事通',
    typing: '正在查办事指南…',
    failed: '没有发送成功',
    retry: '重新发送',
    staff: '转人工',
    staffAsk: '转人工',
    queue: (n: number) => `前面还有 ${n} 位在等`,
    useful: '这个回答有用吗？',
    yes: '有用',
    no: '没用',
    thanks: '谢谢，已经记下',
    why: '哪里不好？',
    reasons: ['答非所问', '看不懂', '内容不对', '没说全'],
    source: (name: string, version: number, date: string) =>
      `依据：办事指南《${name}》第 ${version} 版 · 核对日期 ${date}`,
    sourceNameless: '本事项',
    openGuide: '看完整办事指南',
    restart: '重新开始',
    restarted: '已经重新开始',
    tooLong: (limit: number) => `问题太长了，请控制在 ${limit} 字以内`,
    generated: '回答由程序按办事指南整理'
  },

  halls: {
    title: '办事大厅',
    intro: '去之前看一眼时间和地址，少跑冤枉路',
    address: '地址',
    hours: '时间',
    phone: '电话',
    transit: '怎么去',
    call: '打电话',
    map: '看地图',
    copyAddress: '复制地址',
    windows: '窗口',
    windowCount: (n: number) => `共 ${n} 个窗口`,
    waiting: (n: number, low: number, high: number) =>
      n === 0 ? '现在不用排队' : `现在有 ${n} 人在等，大约 ${low}–${high} 分钟`,
    emptyTitle: '暂时没有大厅信息',
    emptyDetail: '可以拨打 12345 询问最近的办事大厅。'
  },

  me: {
    title: '我的',
    reading: '阅读设置',
    large: '大字模式',
    largeHint: '文字和按钮放大，看得更清楚',
    contrast: '高对比模式',
    contrastHint: '黑白分明，强光下也看得清',
    sample: '看看效果：身份证丢失补领，工本费 40 元。',
    data: '本机记录',
    forget: '清除材料勾选记录',
    forgetHint: '勾选只存在这台手机上，不会上传',
    forgot: (n: number) => (n ? `已清除 ${n} 份勾选记录` : '没有勾选记录'),
    forgetChat: '清除对话内容',
    forgotChat: '对话内容已清除',
    help: '帮助',
    halls: '办事大厅',
    about: '关于',
    aboutText: [
      '办事通帮您查办事指南、备齐材料、问清问题。',
      '指南写明版本、核对日期和依据；各地有差别的地方标“以当地为准”。',
      '查指南不用登录，也不收集个人信息；不含广告和第三方统计。'
    ],
    version: '版本'
  }
}

export type AppText = typeof text
