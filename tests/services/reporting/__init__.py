"""Tests of the services of reports."""
