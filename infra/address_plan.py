"""How the address range of the VPC is shared out.

The range is cut into eight equal blocks: 0 and 1 for the private subnets, 2 and 3 for the public ones, 4 to 6
for the warehouse, 7 spare. A block keeps its place whatever else is switched on, because MWAA cannot move to
other subnets.
"""

from ipaddress import ip_network

_BLOCKS_LOG2 = 3
_FIRST_WAREHOUSE_BLOCK = 4

WAREHOUSE_SUBNETS = 3


def block_prefix_length(cidr: str) -> int:
    """Prefix length of one block of the range, for example 19 for `10.192.0.0/16`."""
    return ip_network(cidr).prefixlen + _BLOCKS_LOG2


def warehouse_ranges(cidr: str) -> list[str]:
    """Address ranges of the warehouse's subnets."""
    blocks = [str(block) for block in ip_network(cidr).subnets(prefixlen_diff=_BLOCKS_LOG2)]
    return blocks[_FIRST_WAREHOUSE_BLOCK : _FIRST_WAREHOUSE_BLOCK + WAREHOUSE_SUBNETS]
