// A sheet alone on its page: `fill` writes it, the browser prints it. Stands before the scripts of elements that print.
function printSheet(title, style, fill) {
  const frame = document.body.appendChild(document.createElement("iframe"));
  frame.style.cssText = "position:fixed;width:0;height:0;border:0";
  const page = frame.contentDocument;
  page.title = title;
  page.body.style.cssText = style;
  // Texts are set as text.
  fill((tag, text, look, parent = page.body) => {
    const element = parent.appendChild(page.createElement(tag));
    element.textContent = text;
    element.style.cssText = `overflow-wrap:anywhere;${look}`;
    return element;
  });
  frame.contentWindow.onafterprint = () => frame.remove();
  frame.contentWindow.focus();
  frame.contentWindow.print();
}

