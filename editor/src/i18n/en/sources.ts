/** English texts of nodes whose work is a list: where it comes from, and what it holds. */
export const sources = {
  none: 'None is open to you. Whoever runs the studio can open some.',
  preview: 'What does this list hold?',
  holds_one: '{{count}} item',
  holds_other: '{{count}} items',
  more: '… and {{count}} more',
  cancel: 'Stop uploading',
  cancelled: 'Stopped: nothing was changed.',
  moreRefused: '… and {{count}} more files',
}
