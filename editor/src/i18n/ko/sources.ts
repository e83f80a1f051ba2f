/** Korean texts of nodes whose work is a list: where it comes from, and what it holds. */
export const sources = {
  none: '사용할 수 있는 곳이 없습니다. 스튜디오 운영자가 열어 줄 수 있습니다.',
  preview: '이 목록에 무엇이 있나요?',
  holds_other: '항목 {{count}}개',
  more: '… 그리고 {{count}}개 더',
  cancel: '업로드 중지',
  cancelled: '중지했습니다. 바뀐 것은 없습니다.',
  moreRefused: '… 그리고 파일 {{count}}개 더',
}
