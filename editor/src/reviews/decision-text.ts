/** The word for what was decided about a picture. */
export const decisionText = (accepted: boolean | null) =>
  accepted === null ? 'reviews.undecided' : accepted ? 'reviews.accepted' : 'reviews.rejected'
