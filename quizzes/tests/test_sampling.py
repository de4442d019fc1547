"""The order of the options."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.sampling import choice_token, draw, option_order, shuffled

steady = settings(max_examples=60, derandomize=True, database=None, deadline=None)
some_tokens = st.lists(st.text(max_size=5), unique=True, max_size=8)


class TestShuffled:
    @steady
    @given(some_tokens, st.text(max_size=5))
    def test_keeps_every_token_once(self, tokens, seed):
        assert sorted(shuffled(tokens, seed=seed)) == sorted(tokens)

    @steady
    @given(some_tokens, st.text(max_size=5))
    def test_gives_the_same_order_for_the_same_seed_whatever_it_was_before(
        self, tokens, seed
    ):
        assert shuffled(tokens[::-1], seed=seed) == shuffled(tokens, seed=seed)

    def test_orders_by_the_hash_of_seed_and_token(self):
        """SHA-256 of "s:a" begins d431, "s:b" d30e, "s:c" 97a9 (coreutils' sha256sum)."""
        assert shuffled("abc", seed="s") == ["c", "b", "a"]

    def test_gives_all_orders_of_three(self):
        orders = {tuple(shuffled("abc", seed=str(n))) for n in range(60)}
        assert len(orders) == 6


class TestOptionOrder:
    @pytest.mark.parametrize("kind", ["single", "several"])
    def test_is_shuffled(self, kind):
        assert option_order(kind, "abc", seed="s") == shuffled("abc", seed="s")

    @pytest.mark.parametrize("seed", ["s", "t", "u", "v"])
    def test_leaves_true_before_false(self, seed):
        assert option_order("true_false", ["t", "f"], seed=seed) == ["t", "f"]


class TestADraw:
    def test_takes_unseen_questions_first(self):
        assert set(draw([1, 2, 3, 4], [2, 4], 2, seed="s")) == {1, 3}

    def test_then_those_that_were_seen_longest_ago(self):
        assert set(draw([1, 2, 3, 4], [2, 4, 1], 2, seed="s")) == {3, 2}

    def test_counts_a_question_by_the_last_time_it_was_seen(self):
        assert draw([1, 2], [1, 2, 1], 1, seed="s") == [2]

    def test_is_the_same_for_the_same_seed(self):
        assert draw(range(20), [], 5, seed="s") == draw(range(20), [], 5, seed="s")

    def test_is_another_one_for_another_seed(self):
        draws = {tuple(draw(range(20), [], 5, seed=str(n))) for n in range(10)}
        assert len(draws) > 5

    def test_gives_all_when_there_are_too_few(self):
        assert sorted(draw([1, 2], [], 5, seed="s")) == [1, 2]


class TestTheTokenOfAChoice:
    def test_is_the_same_for_the_same_text_and_no_other(self):
        assert choice_token("A tablet") == choice_token("A tablet")
        assert choice_token("A tablet") != choice_token("a tablet")
