"""How well are composed articles told from real ones by features without topic, and by which?

Features: function words, punctuation, lengths of words, sentences, paragraphs and titles; no names, no content words.
Model: logistic regression, cross-validated so that no cluster or story is on both sides. Real ones are the referenced
articles on Syria that were hydrated here.

    python benchmarks/composed.py            # the area under the curve and the telling features
    python benchmarks/composed.py --from 0016 --to 0040
"""

from __future__ import annotations

import argparse
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

FUNCTION_WORDS = """
في من على إلى عن مع بعد قبل منذ خلال بين حتى عند لدى ضد نحو حول داخل خارج فوق تحت وراء أمام أن أنه أنها أنهم بأن كما حيث
فيما بينما لكن غير إذ إذا لو لم لن لا ما ليس قد كان كانت يكون تكون هذا هذه ذلك تلك الذي التي الذين هناك هو هي هم أو أم
ثم كل بعض أي عدة نفس أيضا فقط جدا إثر عقب وسط رغم بسبب وفق بحسب ضمن عبر دون سوى كذلك حين عندما مما بشأن بل إلا أما فقد
وقد
كانوا لها له لهم فيها فيه منها منه عليها عليه به بها اليوم أمس الآن
"""
MARKS = {"comma": "،", "full stop": ".", "colon": ":", "straight quote": '"', "guillemet": "«", "curly quote": "“"}
MARKS |= {"bracket": "(", "dash": "-", "semicolon": "؛", "question mark": "؟", "dots": ".."}


def features(text: str) -> dict[str, float]:
    """Rates per 100 words, and lengths in words (of words in letters)."""
    title, *paragraphs = [line for line in text.split("\n") if line.strip()]
    body = "\n".join(paragraphs) or title
    words = [fold(word).letters for word in re.findall(r"\w+", body)]
    lengths = [len(s.split()) for s in re.split(r"[.؟!\n]+", body) if s.strip()]
    count, rate = Counter(words), 100 / len(words)
    row = {f"word {word}": count[fold(word).letters] * rate for word in FUNCTION_WORDS.split()}
    row |= {f"mark {name}": body.count(mark) * rate for name, mark in MARKS.items()}
    row |= {f"prefix {p}": sum(w.startswith(p) and len(w) > 3 for w in words) * rate for p in "وفبلك"}
    return row | {
        "tanwin": body.count("ً") * rate,
        "digits": sum(w.isdigit() for w in words) * rate,
        "sentence length": float(np.mean(lengths)),
        "sentence length, spread": float(np.std(lengths)),
        "paragraphs": float(len(paragraphs)),
        "paragraph length": len(words) / max(len(paragraphs), 1),
        "title length": float(len(title.split())),
        "title has a colon": float(":" in title),
        "word length": float(np.mean([len(w) for w in words])),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="first", default="0000", help="first cluster number of the composed ones")
    parser.add_argument("--to", dest="last", default="9999", help="last cluster number")
    arguments = parser.parse_args()
    corpus = Corpus.find(Path(__file__).parent)
    rows, composed, events = [], [], []
    for document in corpus.documents.values():
        text = corpus.text(document)
        if not text or document.excluded or document.duplicate_of:
            continue
        if document.is_included and not arguments.first <= document.cluster[:4] <= arguments.last:
            continue
        if not document.is_included and "سوري" not in fold(text).letters:
            continue
        rows.append(features(text))
        composed.append(document.is_included)
        events.append(document.event)
    report(rows, np.array(composed), events)


def report(rows: list[dict[str, float]], composed: np.ndarray, events: list[str]) -> None:
    names = sorted(rows[0])
    table = np.array([[row[name] for name in names] for row in rows])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))
    splits = GroupKFold(10)
    chance = cross_val_predict(model, table, composed, groups=events, cv=splits, method="predict_proba")[:, 1]
    area, right = roc_auc_score(composed, chance), np.mean((chance > 0.5) == composed)
    print(f"{composed.sum()} composed, {(~composed).sum()} real: area under the curve {area:.3f}, accuracy {right:.3f}")
    weights = model.fit(table, composed)[-1].coef_[0]
    for i in np.argsort(-abs(weights))[:25]:
        means = table[composed, i].mean(), table[~composed, i].mean()
        print(f"{weights[i]:+.2f}  {names[i]:26} composed {means[0]:6.2f}  real {means[1]:6.2f}")


if __name__ == "__main__":
    main()
