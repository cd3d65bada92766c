"""How well can composed articles be told from real ones by features without topic, and by which of them?

Function words, punctuation, shape of sentences and paragraphs, and the cues that annotators marked; no names, no content
words. Logistic regression, leave-one-cluster-out, so that no cluster (and no story) is on both sides. Referenced texts
are read where they were hydrated; only articles on Syria are compared.

    python benchmarks/composed.py            # prints the area under the curve and the telling features
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from dataset_builder.corpus import Corpus
from dataset_builder.text.normalise import fold

FUNCTION = """في من على الى عن مع بعد قبل منذ خلال بين حتى عند لدى ضد نحو حول داخل خارج فوق تحت وراء امام ان انه انها انهم
بان كما حيث فيما بينما لكن غير اذ اذا لو لم لن لا ما ليس قد كان كانت يكون تكون هذا هذه ذلك تلك الذي التي الذين هناك هو
هي هم او ام ثم كل بعض اي عدة نفس ايضا فقط جدا اثر عقب وسط رغم بسبب وفق بحسب ضمن عبر دون سوى كذلك حين عندما مما بشان
بل الا اما فقد وقد كانوا لها له لهم فيها فيه منها منه عليها عليه به بها اليوم امس الان""".split()
MARKS = {"comma": "،", "full stop": ".", "colon": ":", "straight quote": '"', "guillemet": "«", "curly quote": "“",
         "bracket": "(", "dash": "-", "semicolon": "؛", "question mark": "؟", "ellipsis": "..."}


def features(text: str) -> dict[str, float]:
    """Rates per 100 words, and lengths in words."""
    title, *paragraphs = [line for line in text.split("\n") if line.strip()]
    body = "\n".join(paragraphs) or title
    words = [fold(word).letters for word in re.findall(r"\w+", body)]
    count = Counter(words)
    per = 100 / max(len(words), 1)
    sentences = [s for s in re.split(r"[.؟!\n]+", body) if s.strip()]
    lengths = [len(s.split()) for s in sentences]
    row = {f"word {w}": count[w] * per for w in FUNCTION}
    row |= {f"mark {name}": body.count(mark) * per for name, mark in MARKS.items()}
    for prefix in "وفبلك":
        row[f"prefix {prefix}"] = sum(w.startswith(prefix) and len(w) > 3 for w in words) * per
    row |= {
        "tanwin": body.count("ً") * per, "digits": sum(w.isdigit() for w in words) * per,
        "sentence length": float(np.mean(lengths)), "sentence length spread": float(np.std(lengths)),
        "paragraphs": float(len(paragraphs)), "paragraph length": len(words) / max(len(paragraphs), 1),
        "title length": float(len(title.split())), "title colon": float(":" in title),
        "word length": float(np.mean([len(w) for w in words] or [0])),
    }
    return row


def main() -> None:
    corpus = Corpus.find(Path(__file__).parent)
    rows, labels, groups = [], [], []
    for document in corpus.documents.values():
        text = corpus.text(document)
        if text is None or document.excluded or document.duplicate_of:
            continue
        composed = document.source == "composed"
        if not composed and "سوري" not in fold(text).letters:
            continue
        rows.append(features(text)); labels.append(composed); groups.append(document.cluster or document.id)
    names = sorted(rows[0])
    x = np.array([[row[n] for n in names] for row in rows]); y = np.array(labels)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))
    guessed = cross_val_predict(model, x, y, groups=groups, cv=GroupKFold(10), method="predict_proba")[:, 1]
    print(f"{y.sum()} composed, {(~y).sum()} real on Syria: area under the curve {roc_auc_score(y, guessed):.3f}, "
          f"accuracy {np.mean((guessed > .5) == y):.3f}")
    weights = model.fit(x, y)[-1].coef_[0]
    for i in np.argsort(-abs(weights))[:30]:
        print(f"{weights[i]:+.2f}  {names[i]:25} composed {x[y, i].mean():6.2f}  real {x[~y, i].mean():6.2f}")


if __name__ == "__main__":
    main()
