/** Korean words of handing tokens on and back, and of the prices. */
export const tokenMoves = {
  holders: '부서 구성원',
  member: '구성원',
  actions: '작업',
  disabled: '{{name}} (비활성)',
  statement: '내역 보기',
  othersStatement: '이 구성원의 토큰 내역',
  distribute: '배분',
  distributeText: '부서의 토큰에서 나가며, 먼저 만료되는 토큰부터 배분됩니다.',
  revoke: '회수',
  revokeText: '쓰지 않았고 예약되지도 않은 토큰이 부서로 돌아갑니다. 가장 오래 남는 토큰부터 회수합니다.',
  refund: '환불',
  refundText: '청구된 만큼까지만 돌려줄 수 있습니다. 그사이 만료된 토큰은 되살아나지 않습니다.',
}

export const prices = {
  title: '단계별 비용',
  since: '적용 시점',
  image: '사진 한 장',
  promptSuggestion: '사진 한 장의 프롬프트 제안',
  trainingBase: '학습',
  trainingPerImageEpoch: '학습 이미지·에포크당',
  change: '가격 변경',
  changeText: '정수 토큰 단위입니다. 이미 시작한 실행은 기존 가격을 유지합니다.',
}
