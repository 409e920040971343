// Asks the edge to set the session cookie from a one-time ticket, or to clear it; then loads the page again,
// because a page keeps the cookies it was opened with. Or leaves for an address of the edge.
const ENTRANCES = ["/", "/connexion", "/activer_mon_acces"];
const asked = new Set();

export default function ({ data, setTriggerValue }) {
  if (!data || asked.has(data.errand)) return;
  asked.add(data.errand);
  if (data.go) {
    location.assign(data.go);
    return;
  }
  const request = data.ticket
    ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ticket: data.ticket }) }
    : { method: "DELETE" };
  fetch("/session", { ...request, cache: "no-store" })
    .then((answer) => {
      if (answer.status !== 204) throw answer.status;
      const to = data.to || (ENTRANCES.includes(location.pathname) ? "/accueil" : null);
      if (to) location.assign(to);
      else location.reload();
    })
    .catch((status) => setTriggerValue("failed", Number.isInteger(status) ? status : 0));
}
