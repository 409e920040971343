// What Streamlit writes by itself in English (it has no setting for that), put in French with the words of mots.js.
"use strict";

(() => {
  // Dates, calendars and numbers are French whatever the browser's language.
  for (const [name, value] of [["language", "fr-FR"], ["languages", Object.freeze(["fr-FR", "fr"])]]) {
    Object.defineProperty(navigator, name, { get: () => value });
  }

  const ATTRIBUTES = ["aria-label", "aria-valuetext", "placeholder", "title"];

  const named = (...names) => names.map((name) => `[data-testid="${name}"]`).join(",");
  // What pages say and people type is left alone, even when it reads « Close »…
  const CONTENT = `${named(
    "stMarkdownContainer", "stText", "stHeading", "stCode", "stJson", "stTable", "stHtml", "stFileChipName",
    "stSidebarNavLink", "data-grid-canvas",
  )},input,textarea,script,style,[data-tag],[role=row],[role=menuitem] p`;
  // … but for these, where Streamlit shows its own words by the same means, …
  const CHROME = named(
    "stTooltipContent", "stTooltipErrorContent", "stFileUploaderDropzone",
    "stDataFrameColumnMenu", "stDataFrameColumnFormattingMenu",
  );
  // … and among choices and typed dates, only for what it adds to them.
  const CHOICES = "[role=option],[contenteditable]";
  const ADDED = /^(No results|No options to select|Select all|Add: .*|yyyy|dd)$/;
  // Whose attributes repeat what was typed.
  const REPEATING = `[data-tag],[data-tag] [title],[role=option],${named("stFileChip", "stFileChipName")}`;

  const inFrench = (text) => {
    const words = text.trim();
    if (Object.hasOwn(FRENCH.words, words)) return text.replace(words, () => FRENCH.words[words]);
    const rule = FRENCH.sentences.find(([pattern]) => pattern.test(words));
    return rule ? words.replace(rule[0], rule[1]) : text;
  };

  const translateText = (node) => {
    const parent = node.parentElement;
    if (!parent || (parent.closest(CONTENT) && !parent.closest(CHROME))) return;
    if (parent.closest(CHOICES) && !ADDED.test(node.data.trim())) return;
    const french = inFrench(node.data);
    if (french !== node.data) node.data = french;
  };

  const translateAttributes = (element) => {
    if (element.matches(REPEATING)) return;
    for (const name of ATTRIBUTES) {
      const text = element.getAttribute(name);
      const french = text && inFrench(text);
      if (french && french !== text) element.setAttribute(name, french);
    }
  };

  // The lines of the menu stand in boxes inside their list, which is none then for a screen reader: it is told so.
  const LIST = `${named("stSidebarNavItems")},${named("stSidebarNavItems")} li`;

  const mend = (element) => {
    if (element.matches(LIST)) element.setAttribute("role", "none");
    translateAttributes(element);
  };

  const translate = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return translateText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return undefined;
    mend(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.nodeType === Node.TEXT_NODE) translateText(node);
      else mend(node);
    }
    return undefined;
  };

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") translateAttributes(change.target);
      else if (change.type === "characterData") translateText(change.target);
      else change.addedNodes.forEach(translate);
    }
  }).observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
  });
})();
