"""Which places are network shares."""

from pathlib import PurePosixPath

import pytest

from lvdesk.store.places import is_share_name, network_mount

MOUNTS = r"""/dev/sda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
srv:/export /mnt/team nfs4 rw 0 0
//srv/share /mnt/my\040share cifs rw 0 0
/dev/sdb1 /mnt/team/local xfs rw 0 0
me@srv: /home/a/remote fuse.sshfs rw 0 0
C:\134 /mnt/c 9p rw,aname=drvfs 0 0
broken line"""


@pytest.mark.parametrize(
    "path,expected",
    [
        ("/home/a/station/station.db", None),
        ("/mnt/team/station.db", "nfs4"),
        ("/mnt/team/local/station.db", None),
        ("/mnt/my share/a.db", "cifs"),
        ("/home/a/remote/a.db", "fuse.sshfs"),
        ("/home/a/remotely/a.db", None),
        ("/mnt/c/工作区/a.db", "9p"),
    ],
)
def test_network_mounts_are_recognised(path: str, expected: str | None) -> None:
    assert network_mount(PurePosixPath(path), MOUNTS) == expected


def test_the_root_of_a_container_is_no_share() -> None:
    assert network_mount(PurePosixPath("/srv/a.db"), "none / 9p rw 0 0") is None


@pytest.mark.parametrize(
    "path,expected",
    [
        (r"\\server\share\a.db", True),
        ("//server/share/a.db", True),
        (r"\\?\UNC\server\share\a.db", True),
        (r"\\?\C:\data\a.db", False),
        (r"C:\data\a.db", False),
        (r"D:\营配\a.db", False),
    ],
)
def test_share_names_are_recognised(path: str, expected: bool) -> None:
    assert is_share_name(path) is expected
