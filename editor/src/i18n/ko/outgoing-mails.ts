/** Korean words of the mails that leave the studio. */
export const outgoingMails = {
  title: '보내는 메일',
  text: '최근 90일의 메일입니다. 보내지 못한 메일은 하루 동안 간격을 늘려 가며 다시 보냅니다.',
  filter: '보기',
  all: '모든 메일',
  empty: '해당하는 메일이 없습니다',
  state: '상태',
  states: { waiting: '대기 중', failed: '실패, 다시 시도 중', 'given-up': '포기함', sent: '보냄' },
  said_other: '{{count}}번 시도: {{error}}',
  next: '늦어도 {{time}}에 다시 시도',
  resend: '지금 보내기',
  giveUp: '포기',
  open: '보내는 메일 관리',
}
