import pytest

from submissions.words import count_words

# text and its words; the table is the rule.
CASES = [
    ("", 0),
    ("  \n\t ", 0),
    ("— … ! 🌍 “”", 0),
    ("one", 1),
    ("Two words", 2),
    ("line\r\nbreaks\ncount\ronce", 4),
    ("don't l’économie co-facilitators", 3),
    ("well - spaced - hyphens", 3),
    ("2025 WSIS+20 para.59", 5),
    ("snake_case", 2),
    ("人工智能应当服务于发展。", 11),
    ("AI 人工智能", 5),
    ("ひらがなとカタカナ", 9),
    ("한국어 문장은 띄어쓰기로 셉니다", 4),
    ("สวัสดีครับ", 2),
    ("إن سد الفجوات الرقمية", 4),
    ("اِسْتِثْمَار", 1),
    ("विकास के लिए आईसीटी", 4),
    ("می‌خواهم", 1),
    ("Москва́ и Тверь", 3),
    ("e\u0301te\u0301", 1),
]


@pytest.mark.parametrize(("text", "words"), CASES)
def test_count(text, words):
    assert count_words(text) == words
