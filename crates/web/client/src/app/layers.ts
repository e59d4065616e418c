/** The place of everything that lies over the page: dialogs, menus, tips. One element, so that all of it can be put away at once. */
export function layers(): HTMLElement {
  const found = document.getElementById("layers");
  if (found) return found;
  const made = document.createElement("div");
  made.id = "layers";
  document.body.append(made);
  return made;
}
