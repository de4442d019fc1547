// Text from Word, Google Docs and web pages, pasted as Markdown. Ctrl+Shift+V pastes it plain.
(() => {
  "use strict";
  const editor = window.her2Editor;
  const SKIPPED = "s, strike, del, style, script, noscript, template, title, svg, iframe, object, select, textarea";
  const BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, ul, ol, table, blockquote, pre, section, article, header, footer, main, figure";
  // What Word adds for itself: footnotes, comments and their marks.
  const ASIDE = /mso-(footnote-id|endnote-id|comment-reference|comment-date|element:\s*(footnote|endnote|comment|field))/i;
  const GONE = /text-decoration[\w-]*:[^;]*line-through|display:\s*none|mso-hide:\s*all/i;
  const LINK = /^https?:\/\//i;

  // --- Words: a list of runs, each with the marks that hold for it --------------------------------

  const NONE = { bold: false, italic: false, raised: "", href: "" };
  const styleOf = (node) => node.getAttribute("data-style") ?? "";

  const weight = (node, style) => {
    const given = /(?<![\w-])font-weight:\s*(\w+)/i.exec(style)?.[1];
    if (given) return /bold|[6-9]00/i.test(given);
    return node.matches("b, strong") || undefined;
  };
  const slant = (node, style) => {
    const given = /(?<![\w-])font-style:\s*(\w+)/i.exec(style)?.[1];
    if (given) return given.toLowerCase() === "italic";
    return node.matches("i, em") || undefined;
  };
  const height = (node, style) => {
    const given = /(?<![\w-])vertical-align:\s*(\w+)/i.exec(style)?.[1]?.toLowerCase();
    if (node.matches("sup") || given === "super") return "^";
    return node.matches("sub") || given === "sub" ? "~" : undefined;
  };
  const target = (node) => {
    const href = node.matches("a") ? node.getAttribute("href") ?? "" : "";
    if (!LINK.test(href)) return undefined;
    // Google Docs lets links go through a page of its own.
    const url = URL.canParse(href) ? new URL(href) : null;
    const inner = url?.hostname.endsWith("google.com") && url.pathname === "/url" ? url.searchParams.get("q") : "";
    return (LINK.test(inner ?? "") ? inner : href).replace(/\s/g, "%20").replace(/\(/g, "%28").replace(/\)/g, "%29");
  };
  const marksOf = (node, marks) => {
    const style = styleOf(node);
    return {
      bold: weight(node, style) ?? marks.bold,
      italic: slant(node, style) ?? marks.italic,
      raised: height(node, style) ?? marks.raised,
      href: target(node) ?? marks.href,
    };
  };

  const isLeftOut = (node) => node.matches(SKIPPED) || ASIDE.test(styleOf(node)) || GONE.test(styleOf(node)) || /mso-list:\s*ignore/i.test(styleOf(node));

  const runsOf = (node, marks = NONE) => {
    if (node.nodeType === Node.TEXT_NODE) return [{ ...marks, text: node.data.replace(/[\s\u00a0]+/g, " ") }];
    if (node.nodeType !== Node.ELEMENT_NODE || isLeftOut(node)) return [];
    if (node.matches("br")) return [{ ...NONE, text: "\n" }];
    const inside = [...node.childNodes].flatMap((child) => runsOf(child, marksOf(node, marks)));
    return node.matches(`${BLOCKS}, li, td, th`) ? [{ ...NONE, text: " " }, ...inside, { ...NONE, text: " " }] : inside;
  };

  const areAlike = (a, b) => Object.keys(NONE).every((mark) => a[mark] === b[mark]);
  const joined = (runs) => {
    const found = [];
    for (const run of runs) {
      const last = found.at(-1);
      // A blank between two bold words is bold; marks never stand beside a blank.
      if (last && (areAlike(last, run) || (!run.text.trim() && run.text !== "\n"))) last.text += run.text;
      else found.push({ ...run });
    }
    return found;
  };

  const escaped = (text) =>
    text.replace(/[\\*`]|[~^](?=\S*[~^])|(?<![\p{L}\p{N}_])_|_(?![\p{L}\p{N}_])/gu, "\\$&");
  const written = (run, isHeading) => {
    const core = run.text.trim();
    if (!core) return run.text;
    const [lead, tail] = run.text.split(core);
    let words = escaped(core);
    if (run.raised) words = run.raised + words.replace(/ /g, "\\ ") + run.raised;
    if (run.italic) words = `*${words}*`;
    if (run.bold && !isHeading) words = `**${words}**`;
    if (run.href) words = `[${words}](${run.href})`;
    return lead + words + tail;
  };
  const print = (runs, isHeading = false) =>
    joined(runs)
      .map((run) => written(run, isHeading))
      .join("")
      .replace(/ +/g, " ")
      .replace(/ ?\n ?/g, "\n")
      .trim()
      .replace(/\n+/g, "\\\n");

  const inline = (nodes) => print(nodes.flatMap((node) => runsOf(node)));
  const oneLine = (text) => text.replace(/\\\n/g, " ");
  // No line must begin like a heading, a list or a box. The last is the line below a table's head.
  const LINE_START = /^(?:#{1,6}(?=\s|$)|[-+](?=\s|$)|>|:::|=+$|-+$|[-|:][-|: ]*$|\[(?!@)[^\]]*\]:)/;
  const startedLine = (line) => line.replace(/^(\d+)(?=[.)](?:\s|$))/, "$1\\").replace(LINE_START, "\\$&");
  const started = (text) => text.split("\\\n").map(startedLine).join("\\\n");

  // --- Blocks -------------------------------------------------------------------------------------

  const listLines = (list, indent) => {
    const isNumbered = list.matches("ol");
    let number = 0;
    let mark = "- ";
    return [...list.children].flatMap((item) => {
      // Google Docs and Word put an inner list beside the item it belongs to.
      if (item.matches("ul, ol")) return listLines(item, indent + " ".repeat(mark.length));
      number += 1;
      mark = isNumbered ? `${number}. ` : "- ";
      const inner = [...item.children].filter((child) => child.matches("ul, ol"));
      const own = [...item.childNodes].filter((child) => !inner.includes(child));
      const line = indent + mark + started(oneLine(inline(own)));
      return [line, ...inner.flatMap((child) => listLines(child, indent + " ".repeat(mark.length)))];
    });
  };

  // Word's lists are paragraphs that say their level; the mark is a word of their own text.
  const WORD_LIST = /mso-list:\s*l\d+\s+level(\d+)/i;
  const wordListLine = (node, stack) => {
    const level = Number(WORD_LIST.exec(styleOf(node))[1]);
    const sign = [...node.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)))?.textContent.trim() ?? "";
    stack.length = Math.min(stack.length, level);
    while (stack.length < level) stack.push({ number: 0, width: 2 });
    const here = stack.at(-1);
    here.number += 1;
    const mark = /^\(?\w{1,4}[.)]/.test(sign) ? `${here.number}. ` : "- ";
    here.width = mark.length;
    const indent = " ".repeat(stack.slice(0, -1).reduce((sum, { width }) => sum + width, 0));
    return indent + mark + started(oneLine(inline([node])));
  };

  // `below` says of each column how many more rows a cell above takes.
  const cellsOf = (row, below) => {
    const cells = [];
    const addTaken = () => {
      while (below[cells.length] > 0) {
        below[cells.length] -= 1;
        cells.push("");
      }
    };
    for (const cell of row.cells) {
      addTaken();
      const words = oneLine(inline([...cell.childNodes])).replaceAll("|", "\\|");
      for (const part of [words, ...Array(Math.min(cell.colSpan, 20) - 1).fill("")]) {
        below[cells.length] = cell.rowSpan - 1;
        cells.push(part);
      }
    }
    addTaken();
    return cells;
  };

  const tableLines = (table) => {
    const below = [];
    const rows = [...table.rows].map((row) => cellsOf(row, below));
    const width = Math.max(0, ...rows.map((row) => row.length));
    if (!width) return [];
    const line = (cells) => `| ${cells.join(" | ")} |`;
    const [head, ...rest] = rows.map((row) => [...row, ...Array(width - row.length).fill("")]);
    return [line(head.map((cell) => cell.replace(/^\*\*(.*)\*\*$/, "$1"))), line(head.map(() => "---")), ...rest.map(line)];
  };

  const levelOf = (node) => {
    if (node.matches("h1, h2, h3, h4, h5, h6")) return Number(node.tagName[1]);
    return node.matches(".MsoTitle, .MsoSubtitle") ? 1 : 0;
  };

  const convert = (body) => {
    const highest = Math.min(...[...body.querySelectorAll("h1, h2, h3, h4, h5, h6, .MsoTitle")].map(levelOf));
    const blocks = [];
    let level = 2;
    let loose = [];
    let stack = null; // of the Word list that is under way
    const flush = () => {
      const text = started(inline(loose));
      if (text) blocks.push(text);
      loose = [];
    };
    const addListLine = (node) => {
      const goesOn = stack !== null;
      stack ??= [];
      const line = wordListLine(node, stack);
      if (goesOn) blocks[blocks.length - 1] += `\n${line}`;
      else blocks.push(line);
    };
    const addHeading = (node) => {
      const words = print(runsOf(node), true);
      if (!words) return;
      // Headings inside a passage begin with ### and go down one level at a time.
      level = Math.min(level + 1, 3 + levelOf(node) - highest, 6);
      blocks.push(`${"#".repeat(level)} ${oneLine(words)}`);
    };
    const add = (node) => {
      const isElement = node.nodeType === Node.ELEMENT_NODE;
      if (isElement && isLeftOut(node)) return;
      const isBlock = isElement && (node.matches(BLOCKS) || node.querySelector(BLOCKS));
      if (!isBlock) {
        if (!node.textContent.trim() && !loose.length) return;
        stack = null;
        loose.push(node);
        return;
      }
      flush();
      if (WORD_LIST.test(styleOf(node))) return addListLine(node);
      if (node.textContent.trim()) stack = null;
      if (levelOf(node)) addHeading(node);
      else if (node.matches("ul, ol")) blocks.push(listLines(node, "").join("\n"));
      else if (node.matches("table")) blocks.push(tableLines(node).join("\n"));
      else if (node.querySelector(BLOCKS)) [...node.childNodes].forEach(add), flush();
      else blocks.push(started(inline([node])));
    };
    [...body.childNodes].forEach(add);
    flush();
    return blocks.filter((text) => text.trim()).join("\n\n");
  };

  const flat = (text) => text.replace(/[\s\u00a0]+/g, " ").trim();

  document.addEventListener("paste", (event) => {
    const area = event.target;
    const html = event.clipboardData?.getData("text/html");
    if (!html || !area.matches?.("textarea[data-markdown]")) return;
    // Parsed apart from the page: nothing in it runs or loads. Styles are read and never applied;
    // under another name they, and handlers, leave the content security policy nothing to report.
    const inert = html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/\s(style|on\w+)\s*=(?=[^<>]*>)/gi, " data-$1=");
    const { body } = new DOMParser().parseFromString(inert, "text/html");
    const text = convert(body);
    // Where there is nothing to keep, the browser pastes the plain text as it is: Markdown that
    // was copied from another editor stays Markdown.
    const plain = event.clipboardData.getData("text/plain");
    if (!text || flat(text.replace(/\\(?=[^\w\s])/g, "")) === flat(plain)) return;
    event.preventDefault();
    editor.insert(area, text, area.selectionStart, area.selectionEnd);
  });
})();
