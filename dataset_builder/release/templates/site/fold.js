// Folded texts, and finding something in them. `folding` has what is left behind, with all characters that leave it.
function makeFold(folding) {
  const folds = new Map();
  for (const [letters, characters] of Object.entries(folding)) for (const one of characters) folds.set(one, letters);
  const WORD = /[\p{L}\p{N}\p{M}\u0640]/u;
  const BEFORE = /^[وفبلكس]{0,3}(?:ال)?$/;

  // Letters and digits only, spellings unified; `index` and `ends` lead back to the text, `starts` says where words begin.
  function fold(text) {
    let letters = "", inside = false, fresh = false, place = 0;
    const index = [], ends = [], starts = [];
    for (const one of text) {
      const word = WORD.test(one);
      fresh = word && (fresh || !inside);
      inside = word;
      const left = folds.get(one) ?? "";
      letters += left;
      for (let n = 0; n < left.length; n++) {
        index.push(place);
        ends.push(place + one.length);
        starts.push(fresh);
        fresh = false;
      }
      place += one.length;
    }
    return { letters, index, ends, starts };
  }

  // Where `query` stands: anywhere in one word, or over several from the beginning of one, behind proclitics or the article.
  function find(view, query) {
    for (let at = view.letters.indexOf(query); at >= 0; at = view.letters.indexOf(query, at + 1)) {
      const beyond = view.starts.indexOf(true, at + 1);
      if (beyond < 0 || beyond >= at + query.length) return at;
      const start = view.starts.lastIndexOf(true, at);
      if (BEFORE.test(view.letters.slice(start, at))) return at;
    }
    return -1;
  }

  return { fold, find };
}
