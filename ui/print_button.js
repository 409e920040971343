// Prints a sheet that the application describes; texts are set as text, the square is drawn by the application.
export default function ({ data, parentElement }) {
  if (data) parentElement.querySelector(".print").onclick = () => print(data);
}

function print(data) {
  printSheet(data.title, "font:13pt/1.5 sans-serif;margin:1.5cm;white-space:pre-wrap", (add) => {
    add("p", data.title, "margin:0");
    add("h1", data.name, "font-size:20pt;margin:0 0 .5cm");
    const table = add("table", "", "border-collapse:collapse;width:100%");
    for (const [label, value] of data.facts) {
      const row = add("tr", "", "", table);
      add("th", label, "text-align:left;vertical-align:top;padding:.15cm .5cm .15cm 0;width:5cm;font-weight:normal", row);
      add("td", value, "padding:.15cm 0;font-weight:bold;border-bottom:1px solid #bbb", row);
    }
    add("div", "", "width:3cm;margin-top:1cm").innerHTML = data.square;
    add("p", data.link, "font-size:9pt");
  });
}
