// What other programs put on the clipboard, made ready for the editor: the same rules as in
// texts/pasting.py, so that nothing hidden (deleted text, comments) shows up in between.
(() => {
  const HIDDEN_TAGS = "del, s, strike, style, script, title, meta, link, xml";
  const HIDDEN_CLASSES = [
    "msodel", "msocommentreference", "msocommenttext", "msocomtxt", "msocomanchor", "msocomoff",
  ];
  const HIDING =
    /mso-element:comment|mso-special-character:comment|mso-hide:all|display:none|text-decoration:[^;]*line-through/;
  const LIST = /mso-list:l(\d+) level(\d+)/;
  const MARK = /^[\s\u00a0]*(?:([·•◦▪§–o-])|\(?(\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])[\s\u00a0]+/;
  const BLOCKS = "p, div, ul, ol, table, blockquote, h1, h2, h3, h4, h5, h6, section, article, dl";

  const styleOf = (node) =>
    (node.dataset.style ?? "").toLowerCase().replace(/\s*([:;])\s*/g, "$1").replace(/\s+/g, " ");
  const isMark = (node) => styleOf(node).includes("mso-list:ignore");
  const isHidden = (node) =>
    node.matches(HIDDEN_TAGS) ||
    (node.getAttribute("href") ?? "").startsWith("#_msocom") ||
    [...node.classList].some((name) => HIDDEN_CLASSES.includes(name.toLowerCase())) ||
    HIDING.test(styleOf(node));

  const rename = (node, name) => {
    const copy = node.ownerDocument.createElement(name);
    copy.append(...node.childNodes);
    for (const key of ["colspan", "rowspan"]) {
      if (node.hasAttribute(key)) copy.setAttribute(key, node.getAttribute(key));
    }
    node.replaceWith(copy);
    return copy;
  };

  // The level, kind and content of a paragraph that is a point of a list in Word.
  const pointOf = (node) => {
    const styled = LIST.exec(styleOf(node));
    const isNamed = [...node.classList].some((name) => /^msolistparagraph/i.test(name));
    if (!node.matches("p, div") || (!styled && !isNamed) || node.querySelector(BLOCKS)) return null;
    const marks = [...node.querySelectorAll("[data-style]")].filter(isMark);
    const mark = MARK.exec(`${(marks[0] ?? node).textContent} `);
    if (!styled && !mark) return null;
    if (marks.length) for (const item of marks) item.remove();
    else if (mark) cut(node, mark[0].length);
    return { level: styled ? Number(styled[2]) : 1, kind: mark?.[2] ? "ol" : "ul", node };
  };

  const cut = (node, length) => {
    const texts = node.ownerDocument.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (length > 0 && texts.nextNode()) {
      const { data } = texts.currentNode;
      texts.currentNode.data = data.slice(length);
      length -= Math.min(length, data.length);
    }
  };

  const next = (node) => {
    let sibling = node.nextSibling;
    while (sibling && sibling.nodeType !== 1 && !sibling.textContent.trim()) sibling = sibling.nextSibling;
    return sibling;
  };

  const makeLists = (body) => {
    const points = new Map();
    for (const node of body.querySelectorAll("p, div")) {
      const point = pointOf(node);
      if (point) points.set(node, point);
    }
    for (const first of points.values()) {
      if (!first.node.isConnected) continue;
      const open = [];
      let list = null;
      let point = first;
      while (point) {
        const following = points.get(next(point.node));
        while (open.length && (open.at(-1).level > point.level ||
               (open.at(-1).level === point.level && open.at(-1).kind !== point.kind))) open.pop();
        if (open.at(-1)?.level !== point.level) {
          list = body.ownerDocument.createElement(point.kind);
          const parent = open.at(-1)?.list.lastElementChild;
          if (parent) parent.append(list);
          else point.node.before(list);
          open.push({ level: point.level, kind: point.kind, list });
        }
        const item = body.ownerDocument.createElement("li");
        item.append(...point.node.childNodes);
        open.at(-1).list.append(item);
        point.node.remove();
        point = following;
      }
    }
  };

  // Marks that are written as styles.
  const makeMarks = (body) => {
    for (const node of body.querySelectorAll("[data-style]")) {
      const style = styleOf(node);
      const marks = [];
      if (/font-weight:(bold|[6-9]00)/.test(style)) marks.push("strong");
      if (style.includes("font-style:italic")) marks.push("em");
      if (style.includes("vertical-align:super")) marks.push("sup");
      if (style.includes("vertical-align:sub")) marks.push("sub");
      const isNormal =
        (node.matches("b, strong") && /font-weight:(normal|[1-5]00)/.test(style)) ||
        (node.matches("i, em") && style.includes("font-style:normal"));
      const target = isNormal ? rename(node, node.querySelector(BLOCKS) ? "div" : "span") : node;
      if (target.querySelector(BLOCKS) || target.matches("td, th, li, table, ul, ol")) continue;
      for (const mark of marks) {
        const wrapper = body.ownerDocument.createElement(mark);
        wrapper.append(...target.childNodes);
        target.append(wrapper);
      }
    }
  };

  const makeHeadings = (body) => {
    const headings = [...body.querySelectorAll("h1, h2, h3, h4, h5, h6")];
    const levels = headings.map((heading) => Number(heading.tagName[1]));
    const top = Math.min(3, ...levels);
    for (const heading of headings) {
      rename(heading, Number(heading.tagName[1]) <= top ? "h3" : "h4");
    }
    for (const title of body.querySelectorAll("p.MsoTitle")) rename(title, "h3");
  };

  const tidy = (html) => {
    // Copied from the editor itself.
    if (html.includes("data-pm-slice")) return html;
    // The policy of the page counts for what is only parsed, too: no style may be one.
    const source = html
      .replace(/<style\b.*?<\/style>/gis, "")
      .replace(/<[^<>]*>/g, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
    const { body } = new DOMParser().parseFromString(source, "text/html");
    for (const node of body.querySelectorAll("*")) if (!isMark(node) && isHidden(node)) node.remove();
    makeLists(body);
    makeMarks(body);
    makeHeadings(body);
    for (const link of body.querySelectorAll('a[href^="#"], a:not([href])')) {
      link.replaceWith(...link.childNodes);
    }
    for (const cell of body.querySelectorAll("thead td")) rename(cell, "th");
    for (const term of body.querySelectorAll("dt")) {
      const strong = body.ownerDocument.createElement("strong");
      strong.append(...term.childNodes);
      term.append(strong);
      rename(term, "p");
    }
    for (const node of body.querySelectorAll("dd, section, article")) {
      rename(node, node.querySelector(BLOCKS) ? "div" : "p");
    }
    for (const node of body.querySelectorAll("p, h3, h4, div")) {
      if (!node.textContent.trim() && !node.querySelector("img, hr, table")) node.remove();
    }
    for (const br of body.querySelectorAll("br")) {
      const isBetween = br.parentElement.querySelector(":scope > :is(p, ul, ol, h3, h4, table, div)");
      if (isBetween) br.remove();
    }
    for (const node of body.querySelectorAll("[data-style], [class]")) {
      node.removeAttribute("data-style");
      node.removeAttribute("class");
    }
    return body.innerHTML;
  };

  document.addEventListener("prose-editor:ready", ({ detail: { editor } }) => {
    editor.setOptions({
      editorProps: { ...editor.options.editorProps, transformPastedHTML: tidy },
    });
  });
})();
