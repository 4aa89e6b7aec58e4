"""Servers that last for the whole run."""

import contextlib
import os

import peers
import pytest

RUNNING = contextlib.ExitStack()


def pytest_configure():
    """The suite that reads our own region with boto3 takes its URLs from the environment, before its tests are collected."""
    if not peers.BEANPOLE.exists():
        raise pytest.UsageError(f"{peers.BEANPOLE} is not there: cargo build, or say where it is with BEANPOLE_BIN")
    for variable, scenario in {"BEANPOLE_SIM_URL": "shop", "BEANPOLE_SIM_FLEET_URL": "fleet-200"}.items():
        if variable not in os.environ:
            os.environ[variable] = RUNNING.enter_context(peers.beanpole_sim(scenario))


def pytest_unconfigure():
    RUNNING.close()


@pytest.fixture(scope="session")
def moto():
    with peers.moto() as url:
        yield url


@pytest.fixture(scope="session")
def ministack():
    with peers.ministack() as url:
        yield url
