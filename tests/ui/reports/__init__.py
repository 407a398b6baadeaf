"""Tests of the page «Báo cáo»."""
