"""The web server as `zhunsheng serve` starts it: granian, given its own arguments, and gone when `serve` is gone."""

from granian.cli import entrypoint

from zhunsheng.faces.cli.serve import leave_with_parent

if __name__ == "__main__":
    leave_with_parent()
    entrypoint()
