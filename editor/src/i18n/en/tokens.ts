/** English words of handing tokens on and back, and of the prices. */
export const tokenMoves = {
  holders: 'Members of the department',
  member: 'Member',
  actions: 'What can be done',
  disabled: '{{name}} (disabled)',
  statement: 'Statement',
  othersStatement: "Where this member's tokens came from and went",
  distribute: 'Give',
  distributeText: 'The tokens come from the department; those that expire first go first.',
  revoke: 'Take back',
  revokeText: 'What is neither spent nor held goes back to the department; those that last longest go first.',
  refund: 'Give back',
  refundText: 'Together at most what was charged. What has expired meanwhile stays expired.',
}

export const prices = {
  title: 'What steps cost',
  since: 'Since',
  image: 'Picture',
  promptSuggestion: 'Prompts for a picture',
  trainingBase: 'Training',
  trainingPerImageEpoch: 'Each image and epoch of a training',
  change: 'Change prices',
  changeText: 'In whole tokens. Runs that were started before keep their prices.',
}
