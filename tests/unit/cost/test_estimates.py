"""Monthly bills, against sums that were done by hand, and what holds for every one of them."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaactl.catalog.classes import environment_classes
from mwaactl.catalog.prices import region_prices, stand_ins
from mwaactl.config.environment import EnvironmentConfig, Nat
from mwaactl.config.load import load_config
from mwaactl.cost.assumptions import Assumptions
from mwaactl.cost.estimate import Estimate, Line, estimate
from mwaactl.cost.variants import with_class
from mwaactl.errors import ConfigError

CONFIGURED = load_config(Path(__file__).parents[3] / "mwaactl.toml").environments
QUIET = Assumptions(
    hours=Decimal(730),
    rpu_hours=Decimal(0),
    data_gb=Decimal(0),
    log_gb=Decimal(0),
    bucket_gb=Decimal(0),
    warehouse_gb=Decimal(0),
    database_gb=Decimal(0),
    function_gb_seconds=Decimal(0),
)
REGIONS = (*region_prices(), "eu-west-1")


def in_region(region: str, **changes: object) -> EnvironmentConfig:
    return replace(CONFIGURED["dev"], region=region, **changes)  # type: ignore[arg-type]


def with_nat(config: EnvironmentConfig, nat: Nat) -> EnvironmentConfig:
    return replace(config, network=replace(config.network, nat=nat))


def line(made: Estimate, name: str) -> Line:
    (found,) = (each for each in made.lines if each.name == name)
    return found


def dollars(made: Estimate, name: str) -> tuple[str, str]:
    found = line(made, name)
    return str(found.idle_dollars), str(found.full_dollars)


def test_a_small_environment_in_oregon() -> None:
    made = estimate(in_region("us-west-2"), Assumptions(hours=Decimal(100)))

    assert dollars(made, "environment") == ("357.70", "357.70")  # 0.49 x 730
    assert dollars(made, "additional workers") == ("0.00", "22.00")  # 4 x 100 x 0.055
    assert dollars(made, "additional schedulers") == ("0.00", "0.00")
    assert dollars(made, "metadata database") == ("1.00", "1.00")  # 10 x 0.10
    assert dollars(made, "NAT gateways") == ("32.85", "32.85")  # 0.045 x 730
    assert dollars(made, "public IPv4 addresses") == ("3.65", "3.65")  # 0.005 x 730
    assert dollars(made, "data through NAT gateways") == ("0.00", "4.50")  # 100 x 0.045
    assert dollars(made, "buckets") == ("2.30", "2.30")  # 100 x 0.023
    assert dollars(made, "warehouse, computing") == ("0.00", "300.00")  # 8 x 100 x 0.375 in us-east-1
    assert dollars(made, "warehouse, storage") == ("2.40", "2.40")  # 100 x 0.024 in us-east-1
    assert dollars(made, "functions") == ("0.00", "0.17")  # 10,000 x 0.0000166667
    assert dollars(made, "logs, written") == ("0.00", "5.00")  # 10 x 0.50
    assert dollars(made, "logs, kept") == ("0.00", "0.90")  # 3 x 10 x 0.03


def test_a_large_environment_in_sao_paulo_without_nat() -> None:
    config = with_nat(
        in_region(
            "sa-east-1",
            environment_class="mw1.large",
            min_workers=3,
            max_workers=10,
            schedulers=3,
            min_webservers=2,
            max_webservers=4,
        ),
        "none",
    )
    made = estimate(config, replace(QUIET, data_gb=Decimal(50), hours=Decimal(200)))

    assert dollars(made, "environment") == ("1242.59", "1242.59")  # 1.702174 x 730
    # idle 2 x 730 x 0.378261; full adds 7 x 200 x 0.378261
    assert dollars(made, "additional workers") == ("552.26", "1081.83")
    assert dollars(made, "additional schedulers") == ("276.13", "276.13")  # 730 x 0.378261
    assert dollars(made, "additional web servers") == ("0.00", "75.65")  # 2 x 200 x 0.189130
    assert dollars(made, "NAT gateways") == ("0.00", "0.00")
    assert dollars(made, "interface endpoints") == ("429.24", "429.24")  # 14 x 2 x 730 x 0.021
    assert dollars(made, "data through endpoints") == ("0.00", "0.50")  # 50 x 0.01
    assert dollars(made, "data through NAT gateways") == ("0.00", "0.00")


def test_totals_are_the_sums_of_the_printed_lines() -> None:
    made = estimate(in_region("us-west-2"), QUIET)

    # environment, NAT gateway, its address, key, secret
    assert made.idle == Decimal("357.70") + Decimal("32.85") + Decimal("3.65") + Decimal("1.40") + _watching(
        made
    )
    assert made.full == made.idle + Decimal("160.60")  # 4 workers x 730 x 0.055


def _watching(made: Estimate) -> Decimal:
    return sum((line(made, name).full_dollars or Decimal() for name in ("alarms", "dashboards")), Decimal())


def test_micro_has_nothing_that_could_be_added() -> None:
    made = estimate(with_class(in_region("us-east-1"), "mw1.micro"), Assumptions())

    assert dollars(made, "environment") == ("211.70", "211.70")
    added = [line(made, f"additional {kind}") for kind in ("workers", "schedulers", "web servers")]
    assert [each.full for each in added] == [0, 0, 0]
    assert made.unknown == ()


def test_two_nat_gateways_cost_twice_as_much_as_one() -> None:
    one, both = (
        estimate(with_nat(in_region("us-west-2"), nat), Assumptions()) for nat in ("one", "per-zone")
    )

    assert line(both, "NAT gateways").full == 2 * line(one, "NAT gateways").full == 1460


def test_price_that_nobody_knows_is_left_out_of_the_total_and_named() -> None:
    made = estimate(with_class(in_region("us-west-2"), "mw1.2xlarge"), QUIET)

    assert [each.name for each in made.unknown] == ["additional workers"]
    assert dollars(made, "environment") == ("2890.80", "2890.80")
    assert line(made, "additional workers").full_dollars is None
    assert made.full == made.idle


def test_region_that_nobody_knows_is_priced_by_its_stand_ins() -> None:
    made = estimate(in_region("eu-west-1"), Assumptions())

    assert made.stand_ins == tuple(sorted(stand_ins()))
    assert estimate(in_region("us-west-2"), Assumptions()).full == made.full


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("name", environment_classes())
def test_every_class_has_a_price_in_every_region(name: str, region: str) -> None:
    made = estimate(with_class(in_region(region), name), Assumptions())

    assert line(made, "environment").full_dollars
    assert {each.name for each in made.unknown} <= {
        f"additional {kind}" for kind in ("workers", "schedulers")
    }


def test_larger_classes_cost_more() -> None:
    bills = [estimate(with_class(in_region("us-west-2"), name), QUIET).idle for name in environment_classes()]

    assert bills == sorted(set(bills))


def test_class_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError) as refused:
        with_class(CONFIGURED["dev"], "mw1.smal")

    assert (refused.value.message, refused.value.hint) == (
        "there is no environment class `mw1.smal`",
        "did you mean `mw1.small`?",
    )


QUANTITIES = st.decimals(min_value=0, max_value=10**6, allow_nan=False, allow_infinity=False, places=3)
CONFIGURATIONS = st.builds(
    lambda region, name, least, more, nat: with_nat(
        with_class(in_region(region, min_workers=least, max_workers=least + more), name), nat
    ),
    st.sampled_from(REGIONS),
    st.sampled_from([*environment_classes()]),
    st.integers(1, 25),
    st.integers(0, 25),
    st.sampled_from(["one", "per-zone", "none"]),
)
ASSUMED = st.builds(
    Assumptions,
    hours=st.decimals(min_value=0, max_value=730, places=2),
    rpu_hours=st.none() | QUANTITIES,
    data_gb=QUANTITIES,
    log_gb=QUANTITIES,
    bucket_gb=QUANTITIES,
    warehouse_gb=QUANTITIES,
    database_gb=QUANTITIES,
    function_gb_seconds=QUANTITIES,
)


@given(CONFIGURATIONS, ASSUMED)
def test_an_idle_month_never_costs_more_than_a_full_one(
    config: EnvironmentConfig, assumptions: Assumptions
) -> None:
    made = estimate(config, assumptions)

    assert 0 < made.idle <= made.full
    for each in made.lines:
        assert 0 <= each.idle <= each.full


@given(CONFIGURATIONS, ASSUMED)
def test_one_more_worker_never_costs_less(config: EnvironmentConfig, assumptions: Assumptions) -> None:
    made = estimate(config, assumptions)
    more = estimate(replace(config, max_workers=config.max_workers + 1), assumptions)
    kept = estimate(
        replace(config, min_workers=config.min_workers + 1, max_workers=config.max_workers + 1), assumptions
    )

    assert made.full <= more.full <= kept.full
    assert made.idle == more.idle <= kept.idle


@given(CONFIGURATIONS, ASSUMED, st.decimals(min_value=0, max_value=730, places=2))
def test_more_hours_never_cost_less(
    config: EnvironmentConfig, assumptions: Assumptions, hours: Decimal
) -> None:
    shorter, longer = sorted((hours, assumptions.hours))

    assert (
        estimate(config, replace(assumptions, hours=shorter)).full
        <= estimate(config, replace(assumptions, hours=longer)).full
    )
