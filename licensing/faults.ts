// Pure. Why a license is refused: one meaning each, and one thing that its user can do.

/** Every reason of the verifier's: what is wrong, and what to do about it. */
export const licenseFaults = {
  malformed: {
    title: "This is not a license",
    remedy: "Take the license again from where it came from, whole and unchanged.",
  },
  wrong_type: {
    title: "This is signed, but it is something else than a license",
    remedy: "Take the license itself, not another file of the vendor's.",
  },
  wrong_algorithm: {
    title: "The signature is not of the kind that the vendor makes",
    remedy: "Get the license from the vendor: this one was made by somebody else.",
  },
  unknown_key: {
    title: "The key of the signature is not known here",
    remedy: "Update the product, or let it go online once: the vendor may sign with a newer key.",
  },
  compromised_key: {
    title: "The key of the signature can be trusted no more",
    remedy: "Activate again: the same seat gets a license that is signed with a good key.",
  },
  bad_signature: {
    title: "The license was changed, or was not made by the vendor",
    remedy: "Take the license again from where it came from, whole and unchanged.",
  },
  wrong_product: {
    title: "The license is for another product",
    remedy: "Use the license of this product, or order one.",
  },
  revoked: {
    title: "The vendor withdrew the license",
    remedy: "Activate again if the seat moved to this computer, else ask the vendor.",
  },
  clock_rolled_back: {
    title: "This computer's clock was set back",
    remedy: "Set the clock right. If it once ran ahead, let the product refresh its license online.",
  },
  not_yet_valid: {
    title: "The license has not started yet",
    remedy: "Wait for its start, and see that this computer's clock is right.",
  },
  expired: {
    title: "The license has ended",
    remedy: "Let the product refresh its license online; where the term has ended, renew it.",
  },
  version_not_covered: {
    title: "This version came out after maintenance had ended",
    remedy: "Use a version from before that day, or renew maintenance.",
  },
  wrong_host: {
    title: "The license is bound to another computer",
    remedy: "Activate this computer, or move the seat to it.",
  },
  wrong_user: {
    title: "The license is for another user",
    remedy: "Sign in as the user whose seat it is, or take a seat of your own.",
  },
} as const satisfies Record<string, { title: string; remedy: string }>;

export type LicenseFault = keyof typeof licenseFaults;
