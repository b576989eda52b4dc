/** Keys without a modifier. They work while no text field has the focus. */
export const shortcuts = [
  ["j", "Next conversation"],
  ["k", "Previous conversation"],
  ["1", "All open conversations"],
  ["2", "Mine"],
  ["3", "Unassigned"],
  ["4", "Resolved"],
  ["f", "Filter the list by tag"],
  ["r", "Write a reply"],
  ["n", "Write a note"],
  ["Shift + E", "Edit your last message; in an empty reply, ↑ does so too"],
  ["a", "Assign the conversation to yourself"],
  ["e", "Resolve the conversation, or reopen it"],
  ["t", "Choose tags for the conversation"],
  ["d", "Show or hide the details"],
  ["Esc", "Leave the text field"],
  ["?", "This list"],
] as const;
