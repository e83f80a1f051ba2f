/** Korean words of every node: title, description, ports, params and their options. */

import { controlNodes } from './control-nodes.ts'

const image = '이미지'
const mask = '마스크'
const prompt = '프롬프트'

const seed = { title: '시드', help: '같은 시드는 같은 그림을 만듭니다. 비우면 실행마다 새로 뽑습니다.' }

const diffusion = {
  model: { title: '모델' },
  negativePrompt: { title: '네거티브 프롬프트', help: '나타나지 않아야 할 것.' },
  steps: { title: '단계 수' },
  guidanceScale: { title: '가이던스 배율', help: '프롬프트를 얼마나 따를지 정합니다.' },
  clipSkip: { title: '클립 스킵', help: '1은 텍스트 인코더의 마지막 층을, 2는 그 앞 층을 읽습니다.' },
  sampler: {
    title: '샘플러',
    options: {
      DPM_2M: 'DPM++ 2M',
      DPM_2M_Karras: 'DPM++ 2M Karras',
      DPM_2M_SDE: 'DPM++ 2M SDE',
      DPM_2M_SDE_Karras: 'DPM++ 2M SDE Karras',
      DPM_SDE: 'DPM++ SDE',
      DPM_SDE_Karras: 'DPM++ SDE Karras',
      DPM2: 'DPM2',
      DPM2_Karras: 'DPM2 Karras',
      DPM2_a: 'DPM2 a',
      DPM2_a_Karras: 'DPM2 a Karras',
      Euler: 'Euler',
      Euler_a: 'Euler a',
      Heun: 'Heun',
      LMS: 'LMS',
      LMS_Karras: 'LMS Karras',
      DDIM: 'DDIM',
      UniPC: 'UniPC',
      LCM: 'LCM',
    },
  },
  count: { title: '배치 수', help: '차례로 만들 배치의 수. 장마다 다음 시드를 씁니다.' },
  batchSize: {
    title: '배치 크기',
    help: '한 번에 함께 만들 사진 수. GPU에서 더 빠르지만 메모리를 더 씁니다.',
  },
  seed,
}

export const nodes = {
  ...controlNodes,
  'load-image': {
    title: '이미지 불러오기',
    description: '업로드하거나 갤러리에서 고른 사진을 가져옵니다.',
    outputs: { image },
    params: { image: { title: image, help: 'PNG, JPEG, WebP 또는 TIFF.' } },
  },
  'load-folder': {
    title: '폴더 불러오기',
    description: '사진 폴더를 가져옵니다. 뒤의 노드가 한 장씩 처리합니다.',
    outputs: { image },
    params: { folder: { title: '폴더', help: '사진이 아닌 파일은 목록에 표시하고 불러오지 않습니다.' } },
  },
  number: {
    title: '숫자',
    description: '다른 노드의 값으로 쓰는 숫자입니다: 시드, 단계 수, 강도.',
    outputs: { number: '숫자' },
    params: { value: { title: '숫자' } },
  },
  prompt: {
    title: prompt,
    description: '사진이 무엇을 보여 주는지 적은 글입니다.',
    outputs: { text: '글' },
    params: {
      text: {
        title: '글',
        help: '예: brushed metal with a (scratch:1.2). 괄호와 숫자는 그 말을 얼마나 셀지 정합니다.',
      },
    },
  },
  mask: {
    title: mask,
    description: '사진의 한 곳을 표시합니다. 손으로 그리거나 무작위로 만듭니다.',
    inputs: { image },
    outputs: { mask },
    params: {
      mode: { title: '방식', options: { drawn: '직접 그리기', random: '무작위' } },
      drawn: { title: '그림' },
      shape: {
        title: '모양',
        options: { blob: '얼룩', stroke: '붓 자국', ellipse: '타원', rectangle: '사각형' },
      },
      size: { title: '크기', help: '짧은 변에 대한 비율.' },
      shapes: { title: '개수' },
      seed,
    },
  },
  'draw-defect': {
    title: '결함 그리기',
    description: '긁힘, 균열, 구멍, 얼룩, 찍힘, 녹, 오염을 사진에 그리고 정확한 마스크를 만듭니다.',
    inputs: { image, place: '위치' },
    outputs: { image, mask },
    params: {
      kind: {
        title: '종류',
        options: {
          scratch: '긁힘',
          crack: '균열',
          hole: '구멍',
          stain: '얼룩',
          dent: '찍힘',
          rust: '녹',
          contamination: '오염',
        },
      },
      size: { title: '크기', help: '사진의 짧은 변에 대한 비율.' },
      severity: { title: '심한 정도', help: '겨우 보이는 것부터 뚜렷한 것까지.' },
      count: { title: '개수', help: '사진 한 장의 결함 수.' },
      seed,
    },
  },
  'text-to-image': {
    title: '텍스트→이미지',
    description: '프롬프트로 사진을 만듭니다.',
    inputs: { prompt },
    outputs: { image },
    params: {
      width: { title: '너비', help: '8의 배수.' },
      height: { title: '높이', help: '8의 배수.' },
      ...diffusion,
    },
  },
  'image-to-image': {
    title: '이미지→이미지',
    description: '프롬프트에 따라 사진을 다시 그립니다.',
    inputs: { image, prompt },
    outputs: { image },
    params: {
      strength: { title: '강도', help: '0은 사진을 그대로 두고, 1은 완전히 새로 그립니다.' },
      ...diffusion,
    },
  },
  inpaint: {
    title: '인페인트',
    description: '마스크로 표시한 곳만 프롬프트에 따라 다시 그립니다. 밖은 바뀌지 않습니다.',
    inputs: { image, mask, prompt },
    outputs: { image },
    params: {
      strength: { title: '강도', help: '표시한 곳이 얼마나 바뀔 수 있는지.' },
      feather: { title: '가장자리 흐림', help: '마스크 안쪽의 부드러운 가장자리(픽셀).' },
      ...diffusion,
    },
  },
  'clean-up': {
    title: '클린업',
    description: '마스크로 표시한 것을 지우고 주변으로 채웁니다.',
    inputs: { image, mask },
    outputs: { image },
    params: {
      method: {
        title: '방법',
        help:
          'PatchMatch는 주변의 질감을 복사합니다. Telea와 Navier-Stokes는 빠르고 매끈합니다. ' +
          'LaMa는 모델이 필요하고, 디퓨전은 프롬프트에 따라 그 자리를 새로 그립니다.',
        options: {
          patch_match: 'PatchMatch',
          telea: 'Telea',
          navier_stokes: 'Navier-Stokes',
          lama: 'LaMa',
          diffusion: '디퓨전',
        },
      },
      fillModel: { title: '모델' },
      diffusionModel: { title: '모델' },
      prompt: { title: '프롬프트', help: '그 자리가 어떻게 보여야 하는지. 비워 두어도 됩니다.' },
      steps: { title: '단계 수' },
      seed,
    },
  },
  'remove-background': {
    title: '배경 제거',
    description: '부품을 오려 냅니다. 배경이 투명하거나 단색인 사진과 부품의 마스크를 만듭니다.',
    inputs: { image },
    outputs: { image, mask },
    params: {
      model: { title: '모델' },
      background: { title: '배경', options: { transparent: '투명', colour: '단색' } },
      colour: { title: '색', help: '빨강, 초록, 파랑을 #rrggbb로 씁니다.' },
    },
  },
  'suggest-prompts': {
    title: '프롬프트 제안',
    description: '사진에 맞는 표현을 찾습니다. 프롬프트 하나와 순위를 매긴 목록을 만듭니다.',
    inputs: { image },
    outputs: { prompt: '프롬프트', phrases: '순위 목록' },
    params: {
      model: { title: '모델' },
      mode: {
        title: '방식',
        help:
          '빠르게: 가장 잘 맞는 표현들. 고전: 종류마다 하나씩. 최선: 함께 잘 맞는 것을 찾으며 느립니다. ' +
          '부정: 사진에 없는 것.',
        options: { fast: '빠르게', classic: '고전', best: '최선', negative: '부정' },
      },
      caption: { title: '설명', help: '프롬프트의 첫머리. 비우면 가장 잘 맞는 재질과 결함을 씁니다.' },
      count: { title: '표현 수', help: '많아야 이만큼 넣습니다.' },
      phrases: {
        title: '내 표현',
        help: '한 줄에 하나씩, 종류의 이름은 [defect]처럼 그 위에 씁니다. 비우면 모델의 목록을 씁니다.',
      },
    },
  },
  upscale: {
    title: '확대',
    description: '사진을 가로세로 두 배, 세 배, 네 배로 또렷하게 키웁니다.',
    inputs: { image },
    outputs: { image },
    params: {
      model: { title: '모델' },
      factor: { title: '배율', help: '가로와 세로가 몇 배가 되는지.' },
    },
  },
  'save-to-gallery': {
    title: '갤러리에 저장',
    description: '사진과 마스크, 만든 방법을 보관합니다.',
    inputs: { image, mask },
    outputs: { image },
    params: {},
  },
}
