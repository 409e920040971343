// « / » goes to the search; from there the arrow down goes to the table, whose own arrows then move; Enter asks for
// the line where one is. While a dialog is open, N of « Ajouter une personne » would open a second one: it is kept back.
const search = () => document.querySelector(".st-key-recherche input");
const table = () => document.querySelector('[data-testid="stDataFrame"] canvas[data-testid="data-grid-canvas"]');
const covered = () => document.querySelector('[role="dialog"]');
const typing = (element) => element.matches("input, textarea, select, [contenteditable]");
const line = () => /^glide-cell-\d+-(\d+)$/.exec(document.activeElement?.id ?? "");

export default function ({ setTriggerValue }) {
  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (covered()) {
      if (event.key.toLowerCase() === "n" && !typing(event.target)) event.stopPropagation();
      return;
    }
    if (event.key === "/" && !typing(event.target) && search()) {
      search().focus();
      search().select();
    } else if (event.key === "ArrowDown" && event.target === search() && table()) {
      table().focus({ preventScroll: true });
    } else if (event.key === "Enter" && line()) {
      setTriggerValue("open", Number(line()[1]));
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  // The field may be drawn after this, or drawn anew.
  const announce = () => search()?.setAttribute("aria-keyshortcuts", "/");
  const drawn = new MutationObserver(announce);
  document.addEventListener("keydown", press, true);
  drawn.observe(document.body, { childList: true, subtree: true });
  announce();
  return () => {
    drawn.disconnect();
    document.removeEventListener("keydown", press, true);
  };
}
