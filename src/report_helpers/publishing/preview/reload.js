(() => {
  const key = "manuscript-preview";
  const blocks = () => {
    const within = document.querySelector("main") || document.body;
    return [...within.querySelectorAll("h1, h2, h3, h4, p, li, tr, figcaption, pre")];
  };
  const said = block => block.textContent.trim().slice(0, 200);

  // The place is the text at the top of the window, so that it holds where something was written above it.
  // Several lines are noted: the first may be the one that was edited.
  const remember = () => {
    const all = blocks();
    const seen = all.map((block, index) => [block, index])
      .filter(([block]) => block.getBoundingClientRect().bottom > 0 && said(block))
      .slice(0, 8)
      .map(([block, index]) => ({ text: said(block), index, top: block.getBoundingClientRect().top }));
    const open = [...document.querySelectorAll("details")].map(each => each.open);
    sessionStorage.setItem(key, JSON.stringify({ seen, open, y: scrollY }));
  };

  const place = before => {
    if (before.y === 0) return scrollTo(0, 0);
    const all = blocks();
    for (const { text, index, top } of before.seen) {
      const same = all.map((block, at) => [block, Math.abs(at - index)])
        .filter(([block]) => said(block) === text)
        .sort((one, other) => one[1] - other[1]);
      if (same.length) return scrollBy({ top: same[0][0].getBoundingClientRect().top - top, behavior: "instant" });
    }
    scrollTo({ top: before.y, behavior: "instant" });
  };

  history.scrollRestoration = "manual";
  addEventListener("pagehide", remember);
  const kept = sessionStorage.getItem(key);
  if (kept) {
    const before = JSON.parse(kept);
    const details = document.querySelectorAll("details");
    if (details.length === before.open.length) details.forEach((each, at) => { each.open = before.open[at]; });
    place(before);
    addEventListener("load", () => place(before));  // again, when pictures have got their size
  }

  const news = new EventSource("/events");
  news.onmessage = event => {
    if (event.data === "EDITION") return;
    news.close();
    // Not before the page is whole: the place would be lost of one that is left while it is being loaded.
    if (document.readyState === "complete") location.reload();
    else addEventListener("load", () => setTimeout(() => location.reload()));
  };
})();
