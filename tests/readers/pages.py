"""Composed news in the wrappings that real sites put around it."""

from __future__ import annotations

TITLE = "قافلة مساعدات تعبر جسر النهر"
FIRST = "عبرت قافلة من ثلاثين شاحنة جسر النهر صباح الثلاثاء، وفق ما ذكر مسؤول محلي في البلدة."
SECOND = "وقال المسؤول إن الشاحنات تحمل دقيقاً وأدوية، وإن توزيعها يبدأ غداً على أهالي القرى المجاورة."
BODY = f"{FIRST}\n{SECOND}"
TEXT = f"{TITLE}\n{BODY}"
#: Words of the wrapping, none of which may reach an article.
BOILERPLATE = ("الرئيسية", "اشترك", "اقرأ أيضاً", "جميع الحقوق", "ملفات الارتباط", "شارك", "تعليق")


def page(charset: str = "utf-8", date: str = "2024-12-10T09:30:00+03:00", body: str = "") -> str:
    """A page as content management systems make them: banner, menu, share buttons, related items, comments, footer."""
    body = body or f"<p>{FIRST}</p>\n<p>{SECOND}</p>"
    return f"""<!DOCTYPE html>
<html lang="ar" dir="rtl"><head><meta charset="{charset}"><title>{TITLE} - المرصاد نيوز</title>
<meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="المرصاد نيوز">
<meta property="article:published_time" content="{date}">
<link rel="canonical" href="https://example.org/news/{"%D8%AE%D8%A8%D8%B1"}/4711"><style>p {{ margin: 0 }}</style>
<script>window.dataLayer = [{{"x": "اشترك"}}];</script></head>
<body><div id="cookie-consent">يستخدم الموقع ملفات الارتباط</div>
<header><nav><ul><li><a href="/">الرئيسية</a></li>
<li><a href="/p">سياسة</a></li><li><a href="/s">اشترك</a></li></ul></nav>
</header><main><article><h1>{TITLE}</h1>
<div class="share"><a href="#">شارك على فيسبوك</a> <a href="#">شارك على تويتر</a></div>
<div class="entry-content">{body}</div>
<div class="related-posts"><h3>اقرأ أيضاً</h3><ul><li><a href="/1">اتفاق على فتح المعبر الشمالي</a></li></ul></div>
</article>
<section id="comments" class="comments"><h3>تعليق واحد</h3><p>تعليق من قارئ</p></section></main>
<aside class="sidebar"><h3>الأكثر قراءة</h3><ul><li><a href="/2">أسعار الصرف اليوم</a></li></ul></aside>
<footer>جميع الحقوق محفوظة 2024</footer></body></html>"""


NAVIGATION = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>المرصاد نيوز</title></head><body>
<nav><ul><li><a href="/">الرئيسية</a></li>
<li><a href="/c">اتصل بنا</a></li></ul></nav><div id="app"></div></body></html>"""

RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>المرصاد نيوز</title>
<link>https://example.org/</link><description>آخر الأخبار</description>
<item><title>{TITLE}</title><link>https://example.org/news/4711</link><guid isPermaLink="false">item-4711</guid>
<pubDate>Tue, 10 Dec 2024 09:30:00 +0300</pubDate><description>مختصر الخبر هنا</description>
<content:encoded><![CDATA[<p>{FIRST}</p><figure><img src="a.jpg"><figcaption>صورة</figcaption></figure>
<p>{SECOND}</p>]]></content:encoded></item>
<item><title>خبر ثان قصير</title><link>https://example.org/news/4712</link><pubDate>غير معروف</pubDate>
<description>{FIRST}</description></item>
<item><title>خبر بلا نص</title><link>https://example.org/news/4713</link></item>
</channel></rss>"""

ATOM = f"""<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>المرصاد</title>
<id>urn:x</id><updated>2024-12-10T09:30:00Z</updated><entry><title>{TITLE}</title><id>tag:example.org,2024:1</id>
<link href="https://example.org/1"/><updated>2024-12-10T09:30:00Z</updated>
<content type="html">&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p&gt;{SECOND}&lt;/p&gt;</content></entry></feed>"""


def doc(number: str = "JA-localNews-7-20170601", title: str = TITLE, abstract: str = FIRST, text: str = BODY) -> str:
    """One DOC as the ANT corpus writes it."""
    return f"""<DOC>
<DOCNO>{number}</DOCNO>
<URL>http://example.net/ar/article/{title.replace(" ", "-")}/106/{number.split("-")[2]}</URL>\x20
<SRC>Example FM</SRC>
<CAT>localNews</CAT>
<TITLE>{title}</TITLE>
<TIME>01/06/2017</TIME>
<AUTHOR></AUTHOR>
<ABSTRACT>
{abstract}
</ABSTRACT>
<TEXT>
{text}
</TEXT>
</DOC>
"""
