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
  printSheet(data.title, "font:16pt/1.5 sans-serif;margin:2cm", (add) => {
    add("p", data.title, "font-weight:bold");
    add("p", data.name, "");
    add("p", data.code, "font:bold 26pt monospace");
    for (const text of data.lines) add("p", text, "");
    add("div", "", "width:6cm").innerHTML = data.qr;
  });
}
