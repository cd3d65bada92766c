"""The closed classes of Arabic that the rules ask for, as folded words: no list about the news is here."""

from __future__ import annotations

from dataset_builder.baselines.rules.words import letters_of


def _folded(words: str) -> frozenset[str]:
    return frozenset(letters_of(word) for word in words.split())


_PRONOUNS = ("", "ه", "ها", "هم", "هما", "نا", "ي", "ني", "كم", "هن")
#: إنّ and أنّ, with enclitics; folding has made one of the two.
THAT = frozenset({f"ان{pronoun}" for pronoun in _PRONOUNS} | {"انني", "اننا", "الا"})
PREPOSITIONS = _folded(
    "في من إلى على عن مع بين عند لدى ضد حول نحو تجاه قرب قبل بعد خلال أثناء منذ حتى عبر دون تحت فوق أمام وراء خلف "
    "بسبب رغم ضمن حيال إزاء عقب غداة جراء داخل خارج وسط باتجاه عليه عليها فيه فيها منه منها إليه إليها عنه عنها "
    "به بها له لها لهم بهم لنا قبيل بعيد بحق بشأن بخصوص إثر اثر شرقي غربي شمالي جنوبي قرابة وفق بحسب حسب بعدما "
    "قبلما بحيث باسم"
)
#: Prepositions behind which a name is a place.
PLACING = _folded(
    "في إلى من قرب داخل خارج وسط عبر نحو شمال جنوب شرق غرب شمالي جنوبي شرقي غربي باتجاه حدود مدينة محافظة ريف "
    "أراضي مناطق"
)
CONJUNCTIONS = _folded(
    "و أو أم ثم لكن ولكن بل حيث كما إذ إذا لو لأن لأنه لأنها كي لكي بينما فيما حين عندما بعدما قبل ريثما مما ما "
    "لا لم لن ليس ليست إلا سوى غير كل بعض أي هذا هذه ذلك تلك هؤلاء هو هي هم هن نحن أنا الذي التي الذين اللذين "
    "اللتين اللواتي وهو وهي وهم قد كان كانت كانوا يكون تكون سوف عدم أيضا فقط أكثر أقل نحو حوالي قرابة عدد عشرات "
    "مئات آلاف نحوه منهم منها بينهم بينها من هناك هنا الآن مع إن أن إنه أنه إنها أنها بأن فإن وإن وأن"
)
RELATIVE = _folded("الذي التي الذين اللذين اللتين اللواتي")
NEGATION = _folded("لم لا لن ما ليس ليست")
AUXILIARY = _folded("قد كان كانت كانوا سوف لقد")
#: Words of time; between a cue and its content they are no part of the source.
TIME = _folded(
    "اليوم أمس الأمس غدا مساء صباح صباحا فجر فجرا ليل ليلا ظهر السبت الأحد الاثنين الإثنين الثلاثاء الأربعاء "
    "الخميس الجمعة يوم لاحقا سابقا مؤخرا حديثا قبل بعد خلال أثناء منذ عقب عشية غداة الماضي الجاري المقبل أيضا "
    "مجددا حينها آنذاك وقتها مرارا بالفعل رسميا عام شهر فورا هنا مسبقا الأسبوع الشهر العام السنة"
)
#: Where a clause ends though no mark says so: what follows is the outlet's again.
TURNS = _folded("فيما بينما لكن ولكن غير لكنه لكنها لكنهم ولكنه ولكنها إلا علما وذلك")
#: Turns that end a content without a comma before them.
STRONG_TURNS = _folded("لكنه لكنها لكنهم فيما وذلك")
DIRECTIONS = _folded("الشرقي الغربي الشمالي الجنوبي الأوسط الشرقية الغربية الشمالية الجنوبية الوسطى")
#: Endings of adjectives of relation and of participles in the plural, behind an indefinite noun.
ADJECTIVE_ENDINGS = ("ية", "ي", "يون", "يين", "يان", "يا")
_NO_ADJECTIVES = _folded(
    "التي الذي حي وادي علي لدي مع في إلى ثاني حوالي بالتالي أهالي غربي شرقي شمالي جنوبي يعني لكي هي كي أي سي بي تي دي"
)


def is_relation(word: str) -> bool:
    """Whether a folded word without article looks like an adjective of relation (عسكري، محلية)."""
    return len(word) > 3 and word.endswith(ADJECTIVE_ENDINGS) and word not in _NO_ADJECTIVES


#: Words of the compass that stand before a country's name, the second of two too (جنوب شرقي تركيا).
COMPASS = _folded("شمال جنوب شرق غرب شمالي جنوبي شرقي غربي")
#: Words that begin names of two words, and that join a father's name.
NAME_BEGINNINGS = _folded(
    "أبو أم ابن بن بنت عبد آل كفر تل خان دير بيت رأس عين باب جسر سيدي أولاد بني مار جب برج الملك الشيخ الأمير"
)
SONS = _folded("بن ابن")
#: Everyday nouns that GeoNames has as names of towns as well.
NO_PLACES = _folded(
    "إطار خبر الخبر دور صور الماء الجديدة طراز وقف كيل الأشهر لأول حجة مسقط بار باتا الجبهة النجاح الشهداء الثورة "
    "الوحدة الحدود القرية الكبيرة الشمال الجنوب الغرب الشرق المركز الحرية السلام العالم الرجل الولاية المنطقة "
    "المحافظة العاصمة"
)
FUNCTION = PREPOSITIONS | CONJUNCTIONS | THAT | TIME | RELATIVE
