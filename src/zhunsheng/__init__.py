"""Zhunsheng 准绳: the platform a network of testing laboratories runs on."""

__version__ = "0.1.0"
