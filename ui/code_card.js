// Copy, QR and print for a code that is shown once. Texts are set as text; the QR is drawn by the application.
export default function ({ data, parentElement }) {
  const part = (name) => parentElement.querySelector(`.${name}`);
  if (!data) return;
  part("qr").innerHTML = data.qr;
  part("copy").onclick = async () => {
    const copied = await copy(data.code);
    part("said").textContent = copied ? "Code copié." : "La copie n'est pas possible ici : sélectionnez le code.";
  };
  part("print").onclick = () => print(data);
}

async function copy(code) {
  try {
    await navigator.clipboard.writeText(code);
    return true;
  } catch {
    // Only https pages, and this machine's own, have a clipboard.
    const field = document.body.appendChild(document.createElement("textarea"));
    field.value = code;
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}

function print(data) {
  const frame = document.body.appendChild(document.createElement("iframe"));
  frame.style.cssText = "position:fixed;width:0;height:0;border:0";
  const page = frame.contentDocument;
  page.title = data.title;
  page.body.style.cssText = "font:16pt/1.5 sans-serif;margin:2cm";
  const line = (text, style) => {
    const paragraph = page.body.appendChild(page.createElement("p"));
    paragraph.textContent = text;
    paragraph.style.cssText = `overflow-wrap:anywhere;${style}`;
  };
  line(data.title, "font-weight:bold");
  line(data.name, "");
  line(data.code, "font:bold 26pt monospace");
  for (const text of data.lines) line(text, "");
  const qr = page.body.appendChild(page.createElement("div"));
  qr.innerHTML = data.qr;
  qr.style.width = "6cm";
  frame.contentWindow.onafterprint = () => frame.remove();
  frame.contentWindow.focus();
  frame.contentWindow.print();
}
