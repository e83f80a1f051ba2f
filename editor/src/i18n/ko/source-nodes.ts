/** Korean words of the nodes that make lists and combine them. */

const image = '이미지'
const mask = '마스크'
const points = {
  prompt: '프롬프트',
  seed: '시드',
  strength: '강도',
  guidance: '가이던스 배율',
  steps: '단계 수',
}
const pattern = {
  title: '파일 이름 패턴',
  help: '*.png 또는 good/**/cam1_* 같은 패턴. 비우면 확장자로 본 모든 사진.',
}
const alternatives = {
  title: '괄호 안의 선택지',
  help: '{긁힘|균열}처럼 쓰면 각각에 대해 프롬프트를 하나씩 만듭니다.',
}
const prompts = { title: '프롬프트', help: '한 줄에 하나씩.' }

export const sourceNodes = {
  'load-server-folder': {
    title: '서버 폴더 불러오기',
    description: '스튜디오가 직접 읽을 수 있는 폴더의 사진을 가져옵니다.',
    outputs: { image },
    params: {
      root: { title: '서버 폴더', help: '어떤 폴더가 있는지는 스튜디오 운영자가 정합니다.' },
      path: { title: '그 안의 폴더', help: '예: line2/2026-11. 비우면 폴더 자체.' },
      pattern,
      recursive: { title: '안쪽 폴더까지' },
    },
  },
  'load-s3': {
    title: 'S3에서 불러오기',
    description: 'S3 버킷에서 접두사 아래의 사진을 가져옵니다.',
    outputs: { image },
    params: {
      bucket: { title: '버킷', help: '어떤 버킷이 있는지는 스튜디오 운영자가 정합니다.' },
      prefix: { title: '접두사', help: 'line2/2026-11/처럼 시작하는 키만. 비우면 모든 키.' },
      pattern,
    },
  },
  'gallery-query': {
    title: '갤러리 조회',
    description: '갤러리에서 조건에 맞는 최신 사진을 마스크와 함께 가져옵니다.',
    outputs: { image, mask },
    params: {
      words: { title: '단어', help: '이름이나 프롬프트에 있는 단어.' },
      tool: { title: '도구', help: '사진을 만든 노드의 종류. 예: inpaint.' },
      model: { title: '모델', help: '모델의 전체 이름.' },
      from: { title: '시작일', help: '예: 2026-11-01. 날짜는 UTC로 셉니다.' },
      to: { title: '종료일', help: '이 날도 포함합니다.' },
      graphId: { title: '그래프', help: '저장된 그래프의 id. 그 실행이 만든 사진만.' },
      runId: { title: '실행', help: '실행의 id. 그 실행이 만든 사진만.' },
      newest: { title: '최대 개수', help: '최신 것부터 이만큼.' },
    },
  },
  'prompt-list': {
    title: '프롬프트 목록',
    description: '한 줄마다 프롬프트를 하나씩 만듭니다.',
    outputs: { text: '텍스트' },
    params: { lines: prompts, alternatives },
  },
  'parameter-grid': {
    title: '매개변수 격자',
    description: '프롬프트, 시드, 강도, 가이던스 배율, 단계 수의 모든 조합을 만듭니다.',
    outputs: points,
    params: {
      prompts,
      alternatives,
      seeds: { title: '시드', help: '예: 7, 11 또는 1-20.' },
      randomSeeds: { title: '무작위 시드', help: '실행마다 한 번 이만큼 더 뽑습니다.' },
      strengths: { title: '강도', help: '예: 0.5 또는 0.2-0.8:0.2.' },
      guidanceScales: { title: '가이던스 배율', help: '예: 5, 7.5 또는 4-12:2.' },
      steps: { title: '단계 수', help: '예: 20 또는 10-50:10.' },
    },
  },
  'use-as-mask': {
    title: '마스크로 사용',
    description: '사진을 마스크로 씁니다. 흰 곳이 안쪽입니다.',
    inputs: { image },
    outputs: { mask },
    params: {},
  },
  combine: {
    title: '조합',
    description: '사진마다 프롬프트나 격자점을 하나씩 짝짓습니다. 사진 3장과 점 4개는 12개가 됩니다.',
    inputs: { image, mask, ...points },
    outputs: { image, mask, ...points },
    params: {},
  },
}
