/** Korean words of the nodes that decide which way pictures go, ask people and tell others. */

const image = '이미지'

const joined = (what: string, port: string, type: string) => ({
  title: `${what} 합치기`,
  description: '목록 두 개에서 네 개를 차례로 이어 하나로 만듭니다. 겹치는 이름에는 번호를 붙입니다.',
  inputs: { first: '첫째', second: '둘째', third: '셋째', fourth: '넷째' },
  outputs: { [port]: type },
  params: {},
})

const judged = { image, text: '텍스트', number: '숫자' }

export const controlNodes = {
  if: {
    title: '조건',
    description: '조건에 따라 사진을 한쪽이나 다른 쪽으로 보냅니다.',
    inputs: judged,
    outputs: { yes: '예', no: '아니요' },
    params: {
      condition: {
        title: '조건',
        help: "예: width >= 512 and not contains(prompt, 'rust'), glob(name, 'part-*.png'), number > 0.5.",
      },
    },
  },
  switch: {
    title: '갈래',
    description: '조건이 맞는 첫 번째 갈래로 사진을 보냅니다.',
    inputs: judged,
    outputs: { first: '갈래 1', second: '갈래 2', third: '갈래 3', fourth: '갈래 4', other: '나머지' },
    params: {
      first: {
        title: '갈래 1',
        help: "예: contains(lower(text), 'crack'). 빈 갈래는 아무것도 받지 않습니다.",
      },
      second: { title: '갈래 2' },
      third: { title: '갈래 3' },
      fourth: { title: '갈래 4' },
    },
  },
  'merge-images': joined('이미지', 'image', image),
  'merge-masks': joined('마스크', 'mask', '마스크'),
  'merge-texts': joined('텍스트', 'text', '텍스트'),
  'merge-numbers': joined('숫자', 'number', '숫자'),
  limit: {
    title: '개수 제한',
    description: '목록에서 정한 수만큼만 보냅니다.',
    inputs: { image },
    outputs: { image },
    params: {
      from: { title: '시작', help: '첫 사진의 자리. 1이 목록의 처음입니다.' },
      count: { title: '개수' },
    },
  },
  review: {
    title: '검토',
    description: '검토 페이지에서 사람들이 모든 사진을 승인하거나 반려할 때까지 기다립니다.',
    inputs: { image },
    outputs: { accepted: '승인', rejected: '반려' },
    params: {
      title: { title: '제목' },
      question: { title: '질문', help: '사진을 보는 사람이 무엇을 정해야 하는지.' },
      reviewers: { title: '검토자', help: '쉼표로 나눈 로그인 아이디. 비우면 부서의 누구나.' },
      remindEveryHours: {
        title: '알림 간격(시간)',
        help: '요청을 받고 아직 끝내지 않은 사람은 이 시간이 지날 때마다 메일을 받습니다.',
      },
    },
  },
  notify: {
    title: '메일로 알리기',
    description: '들어오는 것이 모두 모이면 메일을 한 번 보내고 그대로 넘깁니다.',
    inputs: { image },
    outputs: { image },
    params: {
      to: {
        title: '받는 사람',
        help: '쉼표로 나눈 회원의 로그인 아이디나 메일 주소. 비우면 실행을 시작한 사람.',
      },
      subject: { title: '제목' },
      text: {
        title: '내용',
        help: '{count}는 사진 수, {run}은 실행, {graph}는 그래프의 이름입니다.',
      },
    },
  },
  'call-webhook': {
    title: '웹훅 호출',
    description: '들어오는 것이 모두 모이면 서명한 요청을 한 번 보내고 그대로 넘깁니다.',
    inputs: { image },
    outputs: { image },
    params: {
      url: {
        title: '주소',
        help: 'https 주소. 이 네트워크 안의 주소는 관리자가 허락하지 않으면 거절합니다.',
      },
      secretName: {
        title: '비밀',
        help: '부서의 웹훅 비밀 이름. 비우면 서명하지 않습니다.',
      },
      message: { title: '메시지', help: '그대로 함께 보냅니다.' },
    },
  },
}
