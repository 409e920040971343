// The browser prints the page as it stands; ui/rights.css says what is left out on paper.
export default function ({ parentElement }) {
  parentElement.querySelector("button").onclick = () => window.print();
}
