"""Measuring and breaking: figures anybody can reproduce with one command."""
