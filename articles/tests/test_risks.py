"""Known answers: which changes of a text a reviewer has to look at closely."""

import pytest

from articles.risks import (
    DATE,
    DOSE,
    LINK,
    MEDICINE,
    NOT,
    NUMBER,
    PICTURE,
    SIGN,
    SOURCE,
    TERM,
    TIME,
    UNIT,
    is_medicine,
    risks,
)

NAMES = {
    "herceptin": MEDICINE,
    "trastuzumab deruxtecan": MEDICINE,
    "biopsy": TERM,
    "her2": TERM,
}


def found(old, new):
    return [(risk.kind, risk.old, risk.new) for risk in risks(old, new, names=NAMES)]


class TestAChange:
    @pytest.mark.parametrize(
        ("old", "new", "kind", "before", "after"),
        [
            # Numbers, with the sign and the per cent that belong to them
            ("take 3 daily", "take 30 daily", NUMBER, "3", "30"),
            ("take 2 tablets", "take 3 tablets", DOSE, "2 tablets", "3 tablets"),
            ("about 12.5 of them", "about 1.25 of them", NUMBER, "12.5", "1.25"),
            ("1,000 people", "10,000 people", NUMBER, "1,000", "10,000"),
            ("in 12% of", "in 13% of", NUMBER, "12%", "13%"),
            ("in 2019 there", "in 2020 there", NUMBER, "2019", "2020"),
            ("12 out of 100", "12 out of 1000", NUMBER, "100", "1000"),
            ("-3 points", "3 points", NUMBER, "-3", "3"),
            ("three women", "four women", NUMBER, "three", "four"),
            (
                "twenty-one women",
                "twenty-two women",
                NUMBER,
                "twenty-one",
                "twenty-two",
            ),
            ("half of them", "a quarter of them", NUMBER, "half", "quarter"),
            ("twice a day", "once a day", NUMBER, "twice", "once"),
            ("the 24-hour line", "the 12-hour line", NUMBER, "24-hour", "12-hour"),
            ("IHC 2+ means", "IHC 3+ means", NUMBER, "2+", "3+"),
            # Doses and units
            ("take 3 mg now", "take 3 g now", DOSE, "3 mg", "3 g"),
            ("take 3 mg now", "take 30 mg now", DOSE, "3 mg", "30 mg"),
            ("6 mg/kg first", "6 mg/m2 first", DOSE, "6 mg/kg", "6 mg/m2"),
            ("take 10mg now", "take 10µg now", DOSE, "10mg", "10µg"),
            ("take 3 mg now", "take 3 now", NUMBER, "3 mg", "3"),
            ("Dose (mg)", "Dose (g)", UNIT, "mg", "g"),
            ("3-5 mg a day", "3-6 mg a day", DOSE, "5 mg", "6 mg"),
            # Times
            ("every 3 weeks it", "every 3 days it", TIME, "3 weeks", "3 days"),
            ("for one year it", "for two years it", TIME, "one year", "two years"),
            ("it is weekly", "it is daily", UNIT, "weekly", "daily"),
            ("once each week", "once each month", UNIT, "week", "month"),
            # Dates
            ("by 15 March it", "by 15 May it", DATE, "15 March", "15 May"),
            ("on 1 May 2024", "on 1 May 2025", DATE, "1 May 2024", "1 May 2025"),
            (
                "on 3rd Jan. 2024",
                "on 3rd Feb. 2024",
                DATE,
                "3rd Jan. 2024",
                "3rd Feb. 2024",
            ),
            ("March 5, 2024", "March 6, 2024", DATE, "March 5, 2024", "March 6, 2024"),
            ("since May 2019", "since May 2021", DATE, "May 2019", "May 2021"),
            ("on 2024-05-01.", "on 2024-06-01.", DATE, "2024-05-01", "2024-06-01"),
            ("from June on", "from July on", DATE, "June", "July"),
            # Signs
            ("about <5 people", "about >5 people", NUMBER, "<5", ">5"),
            ("if it is ≥ 50 then", "if it is ≤ 50 then", NUMBER, "≥ 50", "≤ 50"),
            ("at least 3 of", "at most 3 of", SIGN, "at least", "at most"),
            ("more than 3 of", "fewer than 3 of", SIGN, "more than", "fewer than"),
            ("over 3 of", "under 3 of", SIGN, "over", "under"),
            # “Not” and the like
            ("do not stop it", "do stop it", NOT, "not", ""),
            ("it is safe", "it is not safe", NOT, "", "not"),
            ("with it", "without it", NOT, "", "without"),
            ("it does help", "it doesn’t help", NOT, "", "doesn’t"),
            ("you mustn't eat", "you must eat", NOT, "mustn't", ""),
            ("you cannot go", "you can go", NOT, "cannot", ""),
            ("it never helps", "it always helps", NOT, "never", ""),
            (
                "HER2-positive cancer",
                "HER2-negative cancer",
                NOT,
                "HER2-positive",
                "HER2-negative",
            ),
            ("a non-invasive test", "an invasive test", NOT, "non-invasive", ""),
            # Names
            (
                "with trastuzumab it",
                "with pertuzumab it",
                MEDICINE,
                "trastuzumab",
                "pertuzumab",
            ),
            ("Lapatinib is", "Tucatinib is", MEDICINE, "Lapatinib", "Tucatinib"),
            (
                "after docetaxel",
                "after paclitaxel",
                MEDICINE,
                "docetaxel",
                "paclitaxel",
            ),
            ("or carboplatin", "or cisplatin", MEDICINE, "carboplatin", "cisplatin"),
            (
                "with Herceptin it",
                "with trastuzumab it",
                MEDICINE,
                "Herceptin",
                "trastuzumab",
            ),
            (
                "trastuzumab deruxtecan is",
                "trastuzumab emtansine is",
                MEDICINE,
                "trastuzumab deruxtecan",
                "trastuzumab",
            ),
            ("a biopsy shows", "a scan shows", TERM, "biopsy", ""),
            # Links, pictures and sources
            ("[it](/a/) is", "[it](/b/) is", LINK, "/a/", "/b/"),
            ("see it", "see [it](/a/)", LINK, "", "/a/"),
            (
                "https://a.org/1 is",
                "https://a.org/2 is",
                LINK,
                "https://a.org/1",
                "https://a.org/2",
            ),
            ("![A](image:1)", "![A](image:2)", PICTURE, "image:1", "image:2"),
            ("so [@a2001].", "so [@b2002].", SOURCE, "[a2001]", "[b2002]"),
            ("so [@a, p. 1].", "so [@a, p. 2].", SOURCE, "[a, p. 1]", "[a, p. 2]"),
            ("so [@a; @b].", "so [@a].", SOURCE, "[a; b]", "[a]"),
            ("so [@key].", "so [@Key].", SOURCE, "[key]", "[Key]"),
        ],
    )
    def test_is_named_with_what_was_before_and_what_is_now(
        self, old, new, kind, before, after
    ):
        assert (kind, before, after) in found(old, new)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("a big change", "a large change"),
            ("take 2 of these", "take 2 of those"),
            ("three weeks later", "3 weeks after"),
            ("Not now", "not soon"),
            ("Herceptin helps", "herceptin works"),
            ("- a line\n- more", "* a line\n* more"),
            ("time and over time", "time and after a time"),
            ("it may help", "it can help"),
            ("march on", "walk on"),
            ("", ""),
        ],
    )
    def test_of_plain_words_is_not_named(self, old, new):
        assert found(old, new) == []

    def test_is_named_for_each_of_several(self):
        old = "Take 3 mg of trastuzumab. Do not stop before 15 March."
        new = "Take 4 mg of pertuzumab. Do stop before 15 May."
        assert found(old, new) == [
            (DOSE, "3 mg", "4 mg"),
            (MEDICINE, "trastuzumab", "pertuzumab"),
            (NOT, "not", ""),
            (DATE, "15 March", "15 May"),
        ]

    def test_of_two_numbers_that_change_places_is_named_twice(self):
        assert found("3 of A, 5 of B", "5 of A, 3 of B") == [
            (NUMBER, "3", "5"),
            (NUMBER, "5", "3"),
        ]

    def test_is_named_where_every_word_changes_and_a_number_stays(self):
        assert found("take 3 or 4 now", "swallow 3, never 5, soon") == [
            (NUMBER, "4", "5"),
            (NOT, "", "never"),
        ]

    def test_of_one_number_into_two_names_both(self):
        assert found("in 5 people", "in 6 to 7 people") == [
            (NUMBER, "5", "6"),
            (NUMBER, "", "7"),
        ]


class TestAMedicine:
    @pytest.mark.parametrize(
        "name",
        ["trastuzumab", "Trastuzumab emtansine", "neratinib", "T-DM1 (emtansine)"],
    )
    def test_is_known_by_how_its_name_ends(self, name):
        assert is_medicine(name)

    @pytest.mark.parametrize("name", ["antibody", "combine", "platinum", "mab"])
    def test_is_not_every_word(self, name):
        assert not is_medicine(name)


class TestAHostileText:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("." * 20_000, "," * 20_000),
            ("1.1." * 5_000 + "a", "2"),
            ("](" * 10_000, "x"),
            ("](a" * 7_000, "y"),
            ("1" * 20_000 + "a", "z"),
            ("[@a;" * 5_000, "b"),
            ("1 March " * 2_500, "2"),
            ("3 " * 10_000, "4 " * 10_000),
        ],
    )
    def test_is_read_within_a_second(self, old, new, within_a_second):
        with within_a_second():
            risks(old, new, names=NAMES)
