// Hovering or focusing a card marks its spans in the text, and its arguments differently; hovering the text marks its cards.
(() => {
  const parts = new Map();
  for (const part of document.querySelectorAll("[data-s]"))
    for (const id of part.dataset.s.split(" ")) parts.set(id, [...(parts.get(id) ?? []), part]);
  const cards = [...document.querySelectorAll("[data-on]")];
  const wide = matchMedia("(min-width: 62rem)");
  const ids = (list) => (list ?? "").split(" ").filter(Boolean);

  // On a narrow screen a label over the last word of a line can be too long.
  function fit() {
    const tags = [...document.querySelectorAll(".tag")];
    for (const tag of tags) tag.classList.remove("short");
    for (const tag of tags.filter((tag) => tag.getBoundingClientRect().left < 0)) tag.classList.add("short");
  }
  document.fonts.ready.then(fit);
  addEventListener("resize", fit);

  function clear() {
    document.body.classList.remove("pointing");
    for (const marked of document.querySelectorAll(".on, .with")) marked.classList.remove("on", "with");
  }
  function point(card, scroll) {
    clear();
    document.body.classList.add("pointing");
    card.classList.add("on");
    for (const id of ids(card.dataset.with)) for (const part of parts.get(id) ?? []) part.classList.add("with");
    for (const id of ids(card.dataset.on)) for (const part of parts.get(id) ?? []) part.classList.add("on");
    const first = parts.get(ids(card.dataset.on)[0])?.[0];
    if (scroll && wide.matches) first?.scrollIntoView({ block: "nearest" });
  }
  function back() {
    const focused = document.activeElement?.closest("[data-on]");
    if (focused) point(focused, false);
    else clear();
  }
  for (const card of cards) {
    card.addEventListener("pointerover", (event) => { event.stopPropagation(); point(card, false); });
    card.addEventListener("pointerleave", back);
    card.addEventListener("focusin", (event) => { event.stopPropagation(); point(card, true); });
    card.addEventListener("focusout", clear);
  }
  for (const part of document.querySelectorAll(".g")) {
    const here = new Set(ids(part.dataset.s));
    part.addEventListener("pointerenter", () => {
      clear();
      for (const card of cards) if (ids(card.dataset.on).some((id) => here.has(id))) card.classList.add("on");
    });
    part.addEventListener("pointerleave", back);
  }
})();
