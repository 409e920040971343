// Recovery codes: a list, a printed sheet, a text file made in the browser. Texts are set as text.
export default function ({ data, parentElement }) {
  if (!data) return;
  const part = (name) => parentElement.querySelector(`.${name}`);
  const items = data.codes.map((code) => {
    const item = document.createElement("li");
    item.textContent = code;
    return item;
  });
  part("codes").replaceChildren(...items);
  part("print").onclick = () => print(data);
  part("download").onclick = () => download(data);
}

function download(data) {
  const text = [data.title, ...data.lines, "", ...data.codes, ""].join("\r\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = data.file;
  link.click();
  URL.revokeObjectURL(link.href);
}

function print(data) {
  printSheet(data.title, "font:14pt/1.5 sans-serif;margin:2cm", (add) => {
    add("p", data.title, "font-weight:bold");
    for (const text of data.lines) add("p", text, "");
    for (const code of data.codes) add("p", code, "font:bold 16pt monospace;margin:0.4em 0");
  });
}
