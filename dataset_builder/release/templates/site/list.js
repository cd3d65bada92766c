// The list's filters and its text search. What is chosen stands behind # in the address, so a list can be kept and come back to.
(() => {
  const form = document.getElementById("filters");
  const list = document.getElementById("documents");
  const rows = [...list.children].map((row) => ({ row, ...row.dataset, hit: row.querySelector(".hit") }));
  const data = JSON.parse(document.getElementById("texts").textContent);
  const { fold, find } = makeFold(data.folding);
  const AROUND = 70;

  const views = new Map();
  function view(id, part) {
    const key = `${id} ${part}`;
    if (!views.has(key)) views.set(key, fold(data.documents[id][part]));
    return views.get(key);
  }

  // [start, end) in the text of the phrase, else of each word; null where a word is missing.
  function hits(one, queries) {
    const found = queries.map((query) => [find(one, query), query.length]);
    if (found.some(([at]) => at < 0)) return null;
    return found.map(([at, length]) => [one.index[at], one.ends[at + length - 1]]);
  }
  function search(id, asked) {
    for (const queries of [[fold(asked).letters], asked.split(/\s+/).map((word) => fold(word).letters).filter(Boolean)])
      for (const part of ["text", "about"]) {
        const found = hits(view(id, part), queries);
        if (found) return part === "text" ? found : [];
      }
    return null;
  }

  function excerpt(place, text, [start, end]) {
    const plain = (part) => part.replace(/[\p{Cc}\p{Cf}]+/gu, " ");
    const mark = document.createElement("mark");
    mark.textContent = plain(text.slice(start, end));
    const before = text.slice(Math.max(0, start - AROUND), start), after = text.slice(end, end + AROUND);
    place.replaceChildren(
      start > AROUND ? "… " + plain(before.replace(/^\S*\s/, "")) : plain(before), mark,
      end + AROUND < text.length ? plain(after.replace(/\s\S*$/, "")) + " …" : plain(after));
  }

  const within = (day, from, to) => (!from || (day && day >= from.slice(0, day.length))) && (!to || (day && day <= to.slice(0, day.length)));
  function chosen() {
    return Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));
  }
  function matches(row, want) {
    return (!want.track || row.track === want.track) && (!want.outlet || row.outlet === want.outlet) &&
      (!want.stance || row.stance === want.stance) && (!want.group || row.group.includes(`|${want.group}|`)) &&
      (!want.place || row.place.includes(`|${want.place}|`)) && within(row.day, want.from, want.to);
  }
  function show() {
    const want = chosen();
    const asked = fold(want.text ?? "").letters ? want.text : "";
    let count = 0;
    for (const one of rows) {
      const found = matches(one, want) && (asked ? search(one.row.id, asked) : []);
      one.row.hidden = !found;
      one.hit.hidden = !found?.length;
      if (found?.length) excerpt(one.hit, data.documents[one.row.id].text, found[0]);
      count += found ? 1 : 0;
    }
    const by = { old: (a, b) => a.day.localeCompare(b.day), new: (a, b) => b.day.localeCompare(a.day) }[want.order];
    list.append(...(by ? [...rows].sort(by) : rows).map((one) => one.row));
    document.getElementById("found").textContent = count === rows.length ? `${count} documents` : `${count} of ${rows.length} documents`;
    document.getElementById("none").hidden = count > 0;
    return want;
  }
  function remember() {
    const want = show();
    history.replaceState(null, "", "#" + new URLSearchParams(want));
  }
  function recall() {
    const want = new URLSearchParams(location.hash.slice(1));
    for (const field of form.elements) if (field.name) field.value = want.get(field.name) ?? "";
    show();
  }

  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(remember, 120); });
  form.addEventListener("submit", (event) => { event.preventDefault(); remember(); });
  form.addEventListener("reset", (event) => { event.preventDefault(); history.replaceState(null, "", "#"); recall(); form.elements.text.focus(); });
  addEventListener("hashchange", recall);
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    form.elements.text.focus();
  });
  document.getElementById("more").open = matchMedia("(min-width: 48rem)").matches || location.hash.length > 1;
  form.hidden = false;
  recall();
})();
