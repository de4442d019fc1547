"""The order of the options."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.sampling import option_order, shuffled

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
