"""The commands of ``groggy``, a file for each family; :mod:`groggy.cli` puts them together."""
