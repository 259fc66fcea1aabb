// Point at a number: a card says what it is and where it comes from, as the ledger inside the page tells.
// Text of the ledger enters the page as text alone. Without this script the page reads as it is.
(function () {
  "use strict";

  var source = document.getElementById("numbers");
  var ledger = null;
  try {
    ledger = source && JSON.parse(source.textContent);
  } catch (problem) {
    ledger = null;
  }
  if (!ledger || !ledger.numbers) return;

  var OPEN_AFTER = 350, CLOSE_AFTER = 250, GAP = 8, LEAST = 160;
  var SHEET = window.matchMedia("(max-width: 40rem)");
  var methods = ledger.methods || {}, provenance = ledger.provenance || {};
  var marks = Array.from(document.querySelectorAll("span.num[data-key]")).filter(function (mark) {
    return !mark.closest("nav");
  });
  var notice = document.querySelector(".notice");
  var entries = new Map(), groups = new Map();
  var open = null, pinned = false, hovered = false, seen = false, timer = 0;

  function squeezed(text) {
    return text.replace(/\s+/g, " ").trim();
  }

  function same(entry, mark) {
    return entry && entry.key === mark.dataset.key && squeezed(entry.text) === squeezed(mark.textContent);
  }

  // The ledger lists the numbers in the order of the page; one that is not finished lists each but once.
  function readLedger() {
    var known = new Map();
    ledger.numbers.forEach(function (entry) {
      known.set(entry.key + " " + squeezed(entry.text), entry);
    });
    marks.forEach(function (mark, place) {
      var found = ledger.numbers[place];
      if (!same(found, mark)) found = known.get(mark.dataset.key + " " + squeezed(mark.textContent));
      if (found) entries.set(mark, found);
    });
    marks = marks.filter(function (mark) { return entries.has(mark); });
  }

  // The card ---------------------------------------------------------------------------------------------------------

  function made(tag, name, text) {
    var element = document.createElement(tag);
    if (name) element.className = name;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  var card = made("div", "number-card");
  card.id = "number-card";
  card.tabIndex = -1;
  card.hidden = true;
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-labelledby", "number-card-what");

  // Ten digits: beyond them a sum may differ from one processor to the next.
  function exact(value) {
    if (typeof value !== "number") return String(value);
    return String(Number.isInteger(value) ? value : Number(value.toPrecision(10)));
  }

  function between(entry) {
    var low = entry.low === undefined ? "no lower limit" : exact(entry.low);
    var high = entry.high === undefined ? "no upper limit" : exact(entry.high);
    return low + " to " + high;
  }

  function valueOf(entry) {
    if (entry.value === undefined || entry.value === null) return entry.reason ? "none: " + entry.reason : "none";
    if (typeof entry.value === "boolean") return entry.value ? "holds" : "does not hold";
    return exact(entry.value);
  }

  // A reference as the list at the end of the page has it, and as a link to its place there.
  function citation(key) {
    var target = document.getElementById("ref-" + key);
    if (!target) return made("span", "", key);
    var text = squeezed(target.textContent).replace(/^(\[?\d+[\].]*)\s*/, "$$1 ");
    var link = made("a", "", text);
    link.href = "#ref-" + key;
    link.addEventListener("click", function () { hide(false); });
    return link;
  }

  function row(list, name, content, kind) {
    if (content === undefined || content === null || content === "") return;
    var pair = made("div");
    pair.append(made("dt", "", name));
    var parts = Array.isArray(content) ? content : [content];
    var told = made("dd", kind || "");
    parts.forEach(function (part) { told.append(part); });
    pair.append(told);
    list.append(pair);
  }

  function code(text) {
    return made("code", "", text);
  }

  function place(file, line) {
    return file ? file + (line ? ":" + line : "") : "";
  }

  function keyWithButton(key) {
    var shown = code(key), button = made("button", "number-copy", "Copy"), said = made("span", "number-said");
    button.type = "button";
    button.setAttribute("aria-label", "Copy the key");
    said.setAttribute("role", "status");
    button.addEventListener("click", function () {
      var done = function () { said.textContent = "copied"; };
      var byHand = function () {
        window.getSelection().selectAllChildren(shown);
        if (document.execCommand("copy")) done();
      };
      if (navigator.clipboard) navigator.clipboard.writeText(key).then(done, byHand);
      else byHand();
    });
    return [shown, " ", button, " ", said];
  }

  function facts(entry) {
    var list = made("dl"), method = methods[entry.by] || {};
    if (entry.value !== entry.text) row(list, "Value", valueOf(entry), "number-exact");
    var isTest = entry.p !== undefined && entry.p === entry.value; // the limits are not its own
    if (!isTest && (entry.low !== undefined || entry.high !== undefined)) {
      row(list, Math.round(1000 * entry.level) / 10 + "% limits", between(entry), "number-exact");
    }
    if (entry.p !== undefined && !isTest) row(list, "P", exact(entry.p), "number-exact");
    row(list, "n", entry.n);
    row(list, "Missing", entry.missing);
    var cited = (method.citations || []).map(function (key) {
      var line = made("span", "number-cited");
      line.append(citation(key));
      return line;
    });
    row(list, "Method", [entry.method || method.words || ""].concat(cited).filter(Boolean));
    if (method.function) {
      row(list, "Computed by", [code(method.function), made("code", "number-place", place(method.file, method.line))]);
      row(list, "Tested by", code(method.test));
    }
    row(list, "Printed by", entry.file && code(place(entry.file, entry.line)));
    row(list, "Data", provenance.fingerprint && (provenance.synthetic ? "synthetic, " : "") + provenance.fingerprint);
    row(list, "Key", keyWithButton(entry.key));
    return list;
  }

  function fill(entry) {
    var close = made("button", "number-close", "×");
    close.type = "button";
    close.setAttribute("aria-label", "Close");
    close.addEventListener("click", function () { hide(true); });
    var what = made("p", "number-what", entry.label || entry.key);
    what.id = "number-card-what";
    var told = entry.withheld ? made("p", "", "Not shown: " + entry.reason + ".") : facts(entry);
    told.id = "number-card-facts";
    card.replaceChildren(close, what, told);
    card.scrollTop = 0;
  }

  // Below the number or, where there is more room, above it, and no higher than the room there; on a narrow screen a
  // sheet at the foot, by the style.
  function settle() {
    if (SHEET.matches) {
      card.style.left = card.style.top = card.style.maxHeight = "";
      return;
    }
    var around = open.getClientRects()[0] || open.getBoundingClientRect();
    // The notice at the head of the window stays in sight.
    var roof = notice ? Math.max(0, notice.getBoundingClientRect().bottom) : 0;
    var below = window.innerHeight - around.bottom - 2 * GAP, above = around.top - roof - 2 * GAP;
    card.style.maxHeight = "";
    var width = card.offsetWidth, fits = card.offsetHeight <= below;
    var down = fits || below >= above;
    card.style.maxHeight = Math.max(LEAST, down ? below : above) + "px";
    var height = card.offsetHeight;
    var top = down ? around.bottom + GAP : around.top - GAP - height;
    card.style.left = Math.max(GAP, Math.min(around.left, document.documentElement.clientWidth - width - GAP)) + "px";
    card.style.top = Math.max(roof + GAP, Math.min(top, window.innerHeight - height - GAP)) + "px";
  }

  function show(mark, stays, byPointer) {
    window.clearTimeout(timer);
    pinned = stays || (pinned && open === mark);
    hovered = Boolean(byPointer);
    if (open !== mark) {
      if (open) unmark(open);
      open = mark;
      seen = false;
      fill(entries.get(mark));
      card.hidden = false;
      mark.classList.add("num-open");
      if (mark.tabIndex === 0) mark.setAttribute("aria-expanded", "true");
      mark.setAttribute("aria-describedby", "number-card-what number-card-facts");
    }
    settle();
    var hidden = mark.getBoundingClientRect().bottom - card.getBoundingClientRect().top + GAP;
    if (SHEET.matches && stays && hidden > 0) window.scrollBy(0, hidden);
  }

  function unmark(mark) {
    mark.classList.remove("num-open");
    mark.removeAttribute("aria-describedby");
    if (mark.tabIndex === 0) mark.setAttribute("aria-expanded", "false");
  }

  function hide(back) {
    window.clearTimeout(timer);
    if (!open) return;
    var mark = open;
    open = null;
    pinned = false;
    unmark(mark);
    if (back) mark.focus({ preventScroll: true });
    card.hidden = true;
  }

  function later(work, milliseconds) {
    window.clearTimeout(timer);
    timer = window.setTimeout(work, milliseconds);
  }

  // One stop of the Tab key for each paragraph or table; arrows lead from number to number within it ------------------

  function groupNumbers() {
    marks.forEach(function (mark) {
      var block = mark.closest("table") || mark.closest("p, li, dd, figcaption, h1, h2, h3, h4") || mark.parentElement;
      if (!groups.has(block)) groups.set(block, []);
      groups.get(block).push(mark);
      mark.numberGroup = groups.get(block);
      if (mark.numberGroup.length === 1) makeStop(mark);
      else mark.tabIndex = -1;
    });
  }

  function makeStop(mark) {
    mark.numberGroup.forEach(function (other) {
      if (other === mark) return;
      other.tabIndex = -1;
      ["role", "aria-haspopup", "aria-expanded"].forEach(function (name) { other.removeAttribute(name); });
    });
    mark.tabIndex = 0;
    mark.setAttribute("role", "button");
    mark.setAttribute("aria-haspopup", "dialog");
    mark.setAttribute("aria-expanded", String(open === mark));
  }

  function centre(mark) {
    var box = mark.getBoundingClientRect();
    return (box.left + box.right) / 2;
  }

  // In a table, up and down stay in the column; in a paragraph they are the same as left and right.
  function neighbour(mark, key) {
    var group = mark.numberGroup, here = group.indexOf(mark), line = mark.closest("tr");
    var step = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
    if (key === "Home") return group[0];
    if (key === "End") return group[group.length - 1];
    if (!line || key === "ArrowLeft" || key === "ArrowRight") return group[here + step];
    var next = here;
    while (group[next] && group[next].closest("tr") === line) next += step;
    if (!group[next]) return undefined;
    var beside = group.filter(function (each) { return each.closest("tr") === group[next].closest("tr"); });
    return beside.reduce(function (best, each) {
      return Math.abs(centre(each) - centre(mark)) < Math.abs(centre(best) - centre(mark)) ? each : best;
    });
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    var mark = event.target.closest && event.target.closest(".num");
    if (event.key === "Escape" && open) {
      hide(card.contains(document.activeElement));
    } else if (event.key === "Tab" && card.contains(event.target)) {
      leaveCard(event);
    } else if (mark && entries.has(mark)) {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        show(mark, true);
        card.focus({ preventScroll: true });
      } else if (/^(Arrow(Left|Right|Up|Down)|Home|End)/.test(event.key)) {
        event.preventDefault();
        var next = neighbour(mark, event.key);
        if (next) {
          makeStop(next);
          next.focus();
        }
      }
    }
  }

  // The card stands at the end of the page, but for the Tab key right behind its number.
  function leaveCard(event) {
    var stops = card.querySelectorAll("button, a[href]");
    var first = event.shiftKey && (event.target === card || event.target === stops[0]);
    var last = !event.shiftKey && event.target === stops[stops.length - 1];
    if (first) event.preventDefault();
    if (first || last) hide(true);
  }

  function onPointer(event) {
    if (event.pointerType !== "mouse" || pinned) return;
    var mark = event.target.closest && event.target.closest(".num");
    if (mark && entries.has(mark)) {
      if (mark === open) window.clearTimeout(timer);
      else later(function () { show(mark, false, true); }, OPEN_AFTER);
    } else if (card.contains(event.target)) {
      window.clearTimeout(timer);
    } else if (open && hovered) {
      later(function () { hide(false); }, CLOSE_AFTER);
    } else {
      window.clearTimeout(timer);
    }
  }

  function onClick(event) {
    if (card.contains(event.target)) {
      pinned = true;
      return;
    }
    var mark = event.target.closest(".num");
    if (!mark || !entries.has(mark) || event.target.closest("a")) {
      hide(false);
    } else if (open === mark && pinned) {
      hide(false);
    } else if (window.getSelection().isCollapsed) {
      makeStop(mark);
      show(mark, true);
      mark.focus({ preventScroll: true });
    }
  }

  function onFocus(event) {
    if (event.target === card || card.contains(event.target)) return;
    var mark = event.target.closest && event.target.closest(".num");
    if (mark && entries.has(mark) && mark.matches(":focus-visible")) show(mark, false);
    else if (open && mark !== open) hide(false);
  }

  // A card goes with its number, and away with it, unless the number is only being scrolled to.
  function onScroll() {
    if (!open || SHEET.matches) return;
    var around = open.getBoundingClientRect();
    var inside = around.bottom > 0 && around.top < window.innerHeight;
    if (seen && !inside) {
      hide(false);
      return;
    }
    seen = seen || inside;
    settle();
  }

  function tell() {
    var list = document.querySelector("#title-block-header .facts");
    if (list) row(list, "Numbers", "Point at a number, or tap it, to see where it comes from.");
    if (list && list.lastElementChild) list.lastElementChild.className = "number-hint";
  }

  readLedger();
  groupNumbers();
  tell();
  document.body.append(card);
  document.documentElement.classList.add("has-number-cards");
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerover", onPointer);
  document.addEventListener("click", onClick);
  document.addEventListener("focusin", onFocus);
  window.addEventListener("resize", function () { if (open) settle(); });
  window.addEventListener("scroll", onScroll, { passive: true });
})();
