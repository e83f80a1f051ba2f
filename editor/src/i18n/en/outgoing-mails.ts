/** English words of the mails that leave the studio. */
export const outgoingMails = {
  title: 'Outgoing mails',
  text: 'Mails of the last 90 days. One that fails is tried again for a day, later each time.',
  filter: 'Show',
  all: 'All mails',
  empty: 'No such mails',
  state: 'State',
  states: { waiting: 'Waiting', failed: 'Failed, tried again', 'given-up': 'Given up', sent: 'Sent' },
  said_one: 'Tried once: {{error}}',
  said_other: 'Tried {{count}} times: {{error}}',
  next: 'Next try at the latest {{time}}',
  resend: 'Send now',
  giveUp: 'Give up',
  open: 'Look after outgoing mails',
}
