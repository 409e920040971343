// Prints a sheet that the application describes; texts are set as text, the square is drawn by the application.
export default function ({ data, parentElement }) {
  if (data) parentElement.querySelector(".print").onclick = () => print(data);
}

function print(data) {
  const frame = document.body.appendChild(document.createElement("iframe"));
  frame.style.cssText = "position:fixed;width:0;height:0;border:0";
  const page = frame.contentDocument;
  page.title = data.title;
  page.body.style.cssText = "font:13pt/1.5 sans-serif;margin:1.5cm";
  const add = (parent, tag, text, style) => {
    const element = parent.appendChild(page.createElement(tag));
    element.textContent = text;
    element.style.cssText = `overflow-wrap:anywhere;white-space:pre-wrap;${style}`;
    return element;
  };
  add(page.body, "p", data.title, "margin:0");
  add(page.body, "h1", data.name, "font-size:20pt;margin:0 0 .5cm");
  const table = add(page.body, "table", "", "border-collapse:collapse;width:100%");
  for (const [label, value] of data.facts) {
    const row = table.appendChild(page.createElement("tr"));
    add(row, "th", label, "text-align:left;vertical-align:top;padding:.15cm .5cm .15cm 0;width:5cm;font-weight:normal");
    add(row, "td", value, "padding:.15cm 0;font-weight:bold;border-bottom:1px solid #bbb");
  }
  const square = page.body.appendChild(page.createElement("div"));
  square.innerHTML = data.square;
  square.style.cssText = "width:3cm;margin-top:1cm";
  add(page.body, "p", data.link, "font-size:9pt");
  frame.contentWindow.onafterprint = () => frame.remove();
  frame.contentWindow.focus();
  frame.contentWindow.print();
}
